import type * as z from 'zod';
import { accessLogRoutes } from './access-log.ts';
import { accountRoutes } from './accounts.ts';
import { changeRequestRoutes } from './change-requests.ts';
import { customerRoutes } from './customers.ts';
import type { RouteDefinition } from './definition.ts';
import { disputeRoutes } from './disputes.ts';
import { duplicateRoutes } from './duplicates.ts';
import { erasureRoutes } from './erasures.ts';
import { explainRoutes } from './explain.ts';
import { factRoutes } from './facts.ts';
import { importRoutes } from './imports.ts';
import { insightRoutes } from './insights.ts';
import { mergeRoutes } from './merges.ts';
import { meterRoutes } from './meters.ts';
import { outageRoutes } from './outages.ts';
import { platformRoutes } from './platform.ts';
import { premiseRoutes } from './premises.ts';
import { readingRoutes } from './readings.ts';
import { reversalRoutes } from './reversals.ts';
import { tariffRoutes } from './tariffs.ts';
import { usageFileRoutes } from './usage-files.ts';
import { weatherRoutes } from './weather.ts';

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
