import type * as z from 'zod';

/** What a caller does, as the policy knows it (interfaces.md, section 5). */
export const acts = [
  'public',
  'customer.search',
  'customer.read',
  'customer.create',
  'customer.change',
  'contact.change',
  'interaction.log',
  'access-log.read',
  'account.read',
  'payment.take',
  'outage.report',
  'outage.read',
  'outage.restore',
  'premise.read',
  'usage.read',
  'meter.register',
  'meter.read',
  'facts.write',
  'fact.read',
  'ops',
] as const;
export type Act = (typeof acts)[number];

/** What kind of thing the path names; decides whose data it is. */
export type RouteSubject = 'none' | 'customer' | 'account' | 'premise' | 'servicePoint' | 'meter' | 'outage' | 'fact';

/** One route: the list that edge, local server, OpenAPI, infra and tests read. */
export interface RouteDefinition {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** API Gateway form: `/v1/customers/{id}/360`. */
  readonly path: string;
  /** Folder in functions/ that answers it. */
  readonly capability: string;
  readonly summary: string;
  readonly description?: string;
  readonly act: Act;
  /** What `{id}` names. */
  readonly subject: RouteSubject;
  /** Schemas; a body or query without one is refused. Query values arrive as text. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** Takes If-Match (428 without it). */
  readonly ifMatch?: boolean;
  /** Takes Idempotency-Key; `required` answers 400 without it. */
  readonly idempotency?: 'optional' | 'required';
  /** Whether a purpose must be named by staff who may read for several. */
  readonly personal: boolean;
}

export const defineRoute = <Route extends RouteDefinition>(route: Route): Route => route;
