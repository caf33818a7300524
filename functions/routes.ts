import type * as z from 'zod';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { accountRoutes } from './accounts/contract/accounts.ts';
import { reversalRoutes } from './accounts/contract/reversals.ts';
import { accessLogRoutes } from './audit/contract/access-log.ts';
import { changeRequestRoutes } from './customers/contract/change-requests.ts';
import { customerRoutes } from './customers/contract/customers.ts';
import { duplicateRoutes } from './duplicates/contract/duplicates.ts';
import { disputeRoutes } from './explain/contract/disputes.ts';
import { explainRoutes } from './explain/contract/explain.ts';
import { factRoutes } from './facts/contract/facts.ts';
import { mergeRoutes } from './identity/contract/merges.ts';
import { importRoutes } from './imports/contract/imports.ts';
import { insightRoutes } from './insight/contract/insights.ts';
import { meterRoutes } from './meters/contract/meters.ts';
import { outageRoutes } from './outages/contract/outages.ts';
import { platformRoutes } from './platform/contract/platform.ts';
import { premiseRoutes } from './premises/contract/premises.ts';
import { erasureRoutes } from './privacy/contract/erasures.ts';
import { tariffRoutes } from './reference/contract/tariffs.ts';
import { weatherRoutes } from './reference/contract/weather.ts';
import { usageFileRoutes } from './usage/contract/usage-files.ts';
import { readingRoutes } from './validation/contract/readings.ts';

const declared = [
  ...platformRoutes,
  ...factRoutes,
  ...customerRoutes,
  ...changeRequestRoutes,
  ...explainRoutes,
  ...disputeRoutes,
  ...mergeRoutes,
  ...accessLogRoutes,
  ...erasureRoutes,
  ...duplicateRoutes,
  ...accountRoutes,
  ...reversalRoutes,
  ...outageRoutes,
  ...premiseRoutes,
  ...usageFileRoutes,
  ...readingRoutes,
  ...insightRoutes,
  ...meterRoutes,
  ...importRoutes,
  ...weatherRoutes,
  ...tariffRoutes,
];

/** Every route of the API: what the gateway, the local server, OpenAPI, the policy tests and the docs read. */
export const routes: readonly RouteDefinition[] = declared;

type Declared = (typeof declared)[number];
/** Name of an operation, e.g. `takePayment`. */
export type OperationId = Declared['operationId'];
/** Capability that some route is answered by. */
export type AnsweringCapability = Declared['capability'];
/** Names of the operations that a capability answers. */
export type OperationOf<Capability> = Extract<Declared, { readonly capability: Capability }>['operationId'];
type RouteNamed<Id extends OperationId> = Extract<Declared, { readonly operationId: Id }>;

/** Parsed body of an operation; undefined where the route takes none. */
export type BodyOf<Id extends OperationId> =
  RouteNamed<Id> extends { readonly body: infer Body extends z.ZodType } ? z.output<Body> : undefined;
/** Parsed query of an operation. */
export type QueryOf<Id extends OperationId> =
  RouteNamed<Id> extends { readonly query: infer Query extends z.ZodType }
    ? z.output<Query>
    : Readonly<Record<string, unknown>>;
/** Answer of an operation, before the policy's fields are applied. */
export type AnswerOf<Id extends OperationId> = z.input<RouteNamed<Id>['response']>;
