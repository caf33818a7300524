/**
 * Every deployed function, by the stack that makes it: what it runs of the capabilities (constants of their `capability.ts`, as
 * `<capability>.<constant>`), by what it is called, what it is given, and what it may do. Composition roots (`functions/roots`),
 * bundles, stacks, the gateway, alarms, checks and the table in ARCHITECTURE.md are made from this list; one machine runs the same
 * parts in one process.
 */

import { apiFunctions } from './manifest/api.ts';
import type { CalledBy, FunctionDefinition, OtherFunctionDefinition } from './manifest/definition.ts';
import { eventFunctions } from './manifest/events.ts';
import { ingestFunctions } from './manifest/ingest.ts';
import { signInFunctions } from './manifest/sign-in.ts';

const stacks = { api: apiFunctions, ingest: ingestFunctions, events: eventFunctions, stateful: signInFunctions };
/** A stack that functions stand in. */
export type StackName = keyof typeof stacks;

const besideApi = { ...ingestFunctions, ...eventFunctions, ...signInFunctions };
export const manifest = { ...apiFunctions, ...besideApi };

export type FunctionName = keyof typeof manifest;
/** A function that is not behind the gateway. */
export type BesideApiName = keyof typeof besideApi;
/** A function of a stack. */
export type FunctionIn<Stack extends StackName> = FunctionName & keyof (typeof stacks)[Stack];

/** Functions by a kind of call. */
type On<Call extends keyof CalledBy> = {
  readonly [Name in FunctionName]: Call extends keyof (typeof manifest)[Name]['on'] ? Name : never;
}[FunctionName];
export type ApiFunctionName = On<'api'>;
export type StreamFunctionName = On<'stream'>;
export type ScheduledFunctionName = On<'schedule'>;

/** Names of a list, as it has them. */
const namesOf = <Name extends string>(list: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(list).filter((name): name is Name => Object.hasOwn(list, name));

/** House names of the functions: each is deployed as `rotunda-<stage>-<name>`. */
export const functionNames: readonly FunctionName[] = namesOf(manifest);
export const besideApiNames: readonly BesideApiName[] = namesOf(besideApi);
/** Functions of a stack. */
export const functionsIn = <Stack extends StackName>(stack: Stack): readonly FunctionIn<Stack>[] =>
  functionNames.filter((name): name is FunctionIn<Stack> => Object.hasOwn(stacks[stack], name));

/** A function, without what the list knows of its own members. */
export const functionNamed = (name: FunctionName): FunctionDefinition => manifest[name];

const callsOn =
  <Call extends keyof CalledBy>(call: Call) =>
  (name: FunctionName): name is On<Call> =>
    functionNamed(name).on[call] !== undefined;

export const apiFunctionNames: readonly ApiFunctionName[] = functionNames.filter(callsOn('api'));
export const streamFunctionNames: readonly StreamFunctionName[] = functionNames.filter(callsOn('stream'));
export const scheduledFunctionNames: readonly ScheduledFunctionName[] = functionNames.filter(callsOn('schedule'));

/** Executions that a stage keeps for functions and that they do not pass, as the manifest says. */
export const reservedIn = (
  stage: keyof NonNullable<OtherFunctionDefinition['reserved']>,
): Readonly<Partial<Record<BesideApiName, number>>> =>
  Object.fromEntries(
    besideApiNames.flatMap((name) => {
      const kept = functionNamed(name).reserved?.[stage];
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
