import type { AnsweringCapability, OperationOf } from '#functions/routes.ts';
import type { ApiFunctionDefinition } from './definition.ts';
import type { RunName, RunNamed } from './runs.ts';

/** Operations of what runs under one of the names. */
type OperationsOf<Name> = Name extends RunName
  ? RunNamed<Name> extends { readonly operations: (parts: never) => infer Made }
    ? keyof Made
    : never
  : never;

/** Capability of the routes that the gateway sends to a function. */
type CapabilityOf<Name, One extends ApiFunctionDefinition> = One['on']['api'] extends { readonly answers: infer Named }
  ? Named
  : Name;

type WithoutOperation<Name, One extends ApiFunctionDefinition> = Exclude<
  OperationOf<CapabilityOf<Name, One>>,
  OperationsOf<One['runs'][number]>
>;

/** Capabilities of routes that no function answers. */
type WithoutFunction<Functions extends Readonly<Record<string, ApiFunctionDefinition>>> = Exclude<
  AnsweringCapability,
  { [Name in keyof Functions]: CapabilityOf<Name, Functions[Name]> }[keyof Functions]
>;

/** Holds functions of the API to the routes: each is answered by what the function runs that the gateway sends it to. */
type Answering<Functions extends Readonly<Record<string, ApiFunctionDefinition>>> = {
  readonly [Name in keyof Functions]: [WithoutOperation<Name, Functions[Name]>] extends [never]
    ? Functions[Name]
    : { readonly runs: `something that has the operation ${WithoutOperation<Name, Functions[Name]>}` };
} & { readonly [Capability in WithoutFunction<Functions>]: ApiFunctionDefinition };

/** The functions as they are given. Where a route of the API is answered by none of them they do not compile. */
export const answeringEveryRoute = <const Functions extends Readonly<Record<string, ApiFunctionDefinition>>>(
  functions: Functions & Answering<Functions>,
): Functions => functions;
