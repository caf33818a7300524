import type { AnswerOf, BodyOf, OperationId, QueryOf } from '#functions/routes.ts';
import type { FieldView } from '#shared/access/field-matrix.ts';
import type { NewEntry } from '#shared/facts/audit.ts';
import type { Idempotency } from '#shared/facts/idempotency.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import type { Call } from '#shared/vocabulary/actor.ts';

/** A request as a use case gets it: authorised, parsed, its subject resolved to an id. */
export interface OperationRequest<Query = Readonly<Record<string, unknown>>, Body = unknown> {
  readonly call: Call;
  /** Path parameters as sent, decoded; `id` is resolved in `subjectId`. */
  readonly params: Readonly<Record<string, string>>;
  /** Id of what the path (or the body) names, aliases followed. */
  readonly subjectId?: string;
  /** The customer who asks: the survivor, where the id they signed in under was merged. */
  readonly self?: string;
  /** What is theirs of what others had, too; absent where no customer asks. */
  readonly own?: OwnTime;
  /** Parsed query; `cursor` is the position the use case gave as `next`. */
  readonly query: Query;
  readonly body: Body;
  /** Members of the body that customers may send, as the route says; none where absent. */
  readonly fromCustomers?: readonly string[];
  /** From If-Match; the commit fails with `precondition-failed` where the version is another. */
  readonly expectedVersion?: number;
  /** Where the caller may repeat: put `idempotencyWrite(callerOf(actor), …)` in the commit. */
  readonly idempotency?: Idempotency;
  /** What this caller sees; only for data that carries marks of its own (facts). */
  readonly view: FieldView;
  /** The entry of this request. A commit puts `auditItems(entry)` (subjects added to `named`) and says `audited`. */
  readonly audit: NewEntry;
}

/** What a use case answers, whole: the edge leaves only what the policy shows. */
export interface OperationResult<Answer = unknown> {
  readonly status?: number;
  readonly body: Answer;
  /** Becomes the ETag. */
  readonly version?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly location?: string;
  /** Subjects named in the answer of a list or search; each gets a pointer to the audit entry. */
  readonly subjects?: readonly string[];
  /** Customers whose time was looked at: they stand in the entry in place of those whose the subject is now. */
  readonly whose?: readonly string[];
  /** The audit entry stands in the commit already. */
  readonly audited?: boolean;
}

/**
 * One operation behind a route. The chain has parsed query and body by the schemas of that very route, so an operation may say
 * their types (a method is compared by its parameters both ways).
 */
export type Operation = {
  run(request: OperationRequest): Promise<OperationResult>;
}['run'];

/** Operations with the types of their routes: `const operations = { takePayment: … } satisfies Partial<Operations>`. */
export type Operations = {
  readonly [Id in OperationId]: (
    request: OperationRequest<QueryOf<Id>, BodyOf<Id>>,
  ) => Promise<OperationResult<AnswerOf<Id>>>;
};
