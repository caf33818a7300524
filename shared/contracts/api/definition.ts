import type * as z from 'zod';
import type { ActName } from '#shared/vocabulary/acts.ts';
import type { FieldMark } from '#shared/vocabulary/field-classes.ts';

/** What kind of thing the path names; decides whose data it is. */
export type RouteSubject =
  | 'none'
  | 'customer'
  | 'account'
  | 'premise'
  | 'servicePoint'
  | 'meter'
  | 'outage'
  | 'fact'
  | 'merge'
  | 'duplicate';

/**
 * Mark of a field in an answer: a field class, `plain` or `freeText` as in a fact's contract; `name` (the identity field that
 * staff in the field see), `lastReading` (the usage field they see), `listed` (a contact value in a list or search, masked);
 * `shaped` where the use case has applied the marks of a fact's own type.
 */
export type ResponseMark = FieldMark | 'name' | 'lastReading' | 'listed' | 'shaped';

/** A mark that depends on a field beside it. */
export interface ResponseMarkBySibling {
  readonly by: string;
  readonly cases: Readonly<Record<string, Exclude<ResponseMark, 'shaped'>>>;
  readonly otherwise: Exclude<ResponseMark, 'shaped'>;
}

/**
 * A mark for each path of an answer (`accounts[].balance`); a path covers what lies below it. Where paths below it have marks of
 * their own, it is the class of the whole: who may not see that is not told that it is there.
 */
export type ResponseMarks = Readonly<Record<string, ResponseMark | ResponseMarkBySibling>>;

/** Marks of members of a list or object, set below a path. */
export const below = (path: string, marks: ResponseMarks): ResponseMarks =>
  Object.fromEntries(Object.entries(marks).map(([member, mark]) => [`${path}.${member}`, mark]));

/** One route: the list that edge, local server, OpenAPI, infra and tests read. */
export interface RouteDefinition {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** API Gateway form: `/v1/customers/{id}/360`. */
  readonly path: string;
  /** Folder in functions/ that answers it. */
  readonly capability: string;
  readonly summary: string;
  readonly description?: string;
  readonly act: ActName;
  /** The act where the query says `dryRun=true`: looking at what would come of it, without writing. */
  readonly dryRunAct?: ActName;
  /** What `{id}` names. */
  readonly subject: RouteSubject;
  /** Schemas; a body or query without one is refused. Query values arrive as text. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Bytes a body may have, where its schema has no bound; else they are measured (`limits.ts`). */
  readonly bodyBytes?: number;
  /**
   * Members of the body that customers may send, where the change is open to them: these and no others. Whatever it has besides is
   * for staff to say, and a new member is too until it stands here.
   */
  readonly fromCustomers?: readonly string[];
  readonly response: z.ZodType;
  /** A class for each field of the response; what has none never leaves. */
  readonly marks: ResponseMarks;
  /** A list: takes `limit` and `cursor`, answers `{ data, next }`. */
  readonly list?: boolean;
  /** The member of the body that names the subject, where the path names none. */
  readonly bodySubject?: { readonly member: string; readonly kind: Exclude<RouteSubject, 'none'> };
  readonly status?: 200 | 201 | 202 | 204;
  /** The answer is a file to keep, of one of these media types; `response` is a `DownloadedFile`. */
  readonly file?: readonly [string, ...string[]];
  /** The operation reads the body as it came (after syntax and size): each part gets its own result. */
  readonly rawBody?: boolean;
  /** The version does not cover all of the answer (other subjects, readings): no ETag, never 304. */
  readonly coveredByVersion?: false;
  /** Takes If-Match (428 without it). */
  readonly ifMatch?: boolean;
  /** Takes Idempotency-Key; `required` answers 400 without it. */
  readonly idempotency?: 'optional' | 'required';
  /** Calls are counted for each program that sends: takes x-api-key, which a deployed gateway asks for. */
  readonly metered?: true;
  /**
   * Where the caller says why they make a change; it stands in the audit entry. `body`: the member `reason`, as the body's schema
   * asks for it; `note`: the member `note`, where the reason itself is a code; `header`: Rotunda-Reason, 400 without it; `optional`: Rotunda-Reason where they like. Every change says one of these.
   */
  readonly reason?: 'body' | 'note' | 'header' | 'optional';
  /** What a change is about that is no subject, so that its audit entries are found by it. */
  readonly about?: {
    readonly kind: 'tariff' | 'weather-area' | 'serial';
    readonly param?: string;
    readonly member?: string;
  };
  /** The change cannot stand in one commit with its entry: one with the outcome `begun` is written before it. */
  readonly beyondCommit?: true;
  /** Personal data: leaves an audit entry, as every change does, and staff who may read for several purposes must name one. */
  readonly personal: boolean;
}

/** Keeps the schemas' types and the names while checking the shape. */
export const defineRoute = <const Route extends RouteDefinition>(route: Route): Route => route;
