import type { AnsweringCapability, OperationOf } from '#functions/routes.ts';
import type { ApiFunctionDefinition } from './definition.ts';
import type { RunName, RunNamed } from './runs.ts';

/** Operations of what runs under one of the names. */
type OperationsOf<Name> = Name extends RunName
  ? RunNamed<Name> extends { readonly operations: (parts: never) => infer Made }
    ? keyof Made
    : never
  : never;

/** Functions behind the gateway. */
type BehindGateway<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends { readonly on: { readonly api: unknown } } ? Name : never;
}[keyof Functions];

/** Capability of the routes that the gateway sends to a function. */
type CapabilityOf<Name, One> = One extends { readonly on: { readonly api: { readonly answers: infer Named } } }
  ? Named
  : Name;

type WithoutOperation<Name, One> = Exclude<
  OperationOf<CapabilityOf<Name, One>>,
  One extends { readonly runs: readonly (infer Run)[] } ? OperationsOf<Run> : never
>;

/** Capabilities of routes that no function answers. */
type WithoutFunction<Functions> = Exclude<
  AnsweringCapability,
  { [Name in BehindGateway<Functions>]: CapabilityOf<Name, Functions[Name]> }[BehindGateway<Functions>]
>;

/** What functions are held to by the routes: each route is answered by what the function runs that the gateway sends it to. */
export type AnsweringEveryRoute<Functions> = {
  readonly [Name in BehindGateway<Functions>]: [WithoutOperation<Name, Functions[Name]>] extends [never]
    ? unknown
    : { readonly runs: `something that has the operation ${WithoutOperation<Name, Functions[Name]>}` };
} & { readonly [Capability in WithoutFunction<Functions>]: ApiFunctionDefinition };
