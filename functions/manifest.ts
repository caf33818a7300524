/**
 * Every deployed function, by the field of work it is of: the stack it stands in, what it runs of the capabilities (constants of
 * their `capability.ts`, as `<capability>.<constant>`), by what it is called, what it is given, what it may do, and alarms of its
 * own. Composition roots (`functions/roots`), bundles, stacks, the gateway, alarms, checks and the table in ARCHITECTURE.md are made
 * from this list; one machine runs the same parts in one process.
 */

import type { AnsweringEveryRoute } from './manifest/answering.ts';
import { customerFunctions } from './manifest/customers.ts';
import type { CalledBy, FunctionDefinition, OtherFunctionDefinition } from './manifest/definition.ts';
import { meteringFunctions } from './manifest/metering.ts';
import { operatingFunctions } from './manifest/operations.ts';
import { signInFunctions } from './manifest/sign-in.ts';

const listed = {
  ...customerFunctions,
  ...meteringFunctions,
  ...operatingFunctions,
  ...signInFunctions,
};
/** The list; where a route of the API is answered by no function it does not compile. */
export const manifest = listed satisfies AnsweringEveryRoute<typeof listed>;

export type FunctionName = keyof typeof manifest;
/** A stack that functions stand in. */
export type StackName = 'api' | OtherFunctionDefinition['stack'];
/** A function of a stack. */
export type FunctionIn<Stack extends StackName> = {
  readonly [Name in FunctionName]: (typeof manifest)[Name] extends { readonly stack: infer Named }
    ? Named extends Stack
      ? Name
      : never
    : 'api' extends Stack
      ? Name
      : never;
}[FunctionName];
/** A function that is not behind the gateway. */
export type BesideApiName = FunctionIn<OtherFunctionDefinition['stack']>;

/** Functions by a kind of call. */
type On<Call extends keyof CalledBy> = {
  readonly [Name in FunctionName]: Call extends keyof (typeof manifest)[Name]['on'] ? Name : never;
}[FunctionName];
export type ApiFunctionName = On<'api'>;
export type StreamFunctionName = On<'stream'>;
export type ScheduledFunctionName = On<'schedule'>;

/** House names of the functions: each is deployed as `rotunda-<stage>-<name>`. */
export const functionNames: readonly FunctionName[] = Object.keys(manifest).filter((name): name is FunctionName =>
  Object.hasOwn(manifest, name),
);

/** A function, without what the list knows of its own members. */
export const functionNamed = (name: FunctionName): FunctionDefinition => manifest[name];

/** The stack that a function stands in. */
export const stackOf = (name: FunctionName): StackName => functionNamed(name).stack ?? 'api';
/** Functions of a stack. */
export const functionsIn = <Stack extends StackName>(stack: Stack): readonly FunctionIn<Stack>[] =>
  functionNames.filter((name): name is FunctionIn<Stack> => stackOf(name) === stack);
export const besideApiNames: readonly BesideApiName[] = functionNames.filter(
  (name): name is BesideApiName => stackOf(name) !== 'api',
);

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
