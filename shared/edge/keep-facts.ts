import type { Fact } from '#shared/contracts/facts/fact.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { auditItems } from '#shared/facts/audit.ts';
import type { Kept } from '#shared/facts/commit.ts';
import { callerOf, type KeptAnswer, ownerOfAnswer, sealedIdempotencyWrite } from '#shared/facts/idempotency.ts';
import type { Sender } from '#shared/facts/placement.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { FactResult, SubmitFacts } from '#shared/facts/submit-facts.ts';
import { knownGroundless } from '#shared/profile/rules/states.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { Write } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { type IdKind, kindOf } from '#shared/vocabulary/ids.ts';
import type { OperationRequest, OperationResult } from './operation.ts';

/** A fact to be made of a request. */
export interface FactToKeep {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Where its data stands in the body, as a JSON pointer; the whole body where absent. */
  readonly at?: string;
  /** Members of its data that the body calls otherwise: pointer in the data to pointer in the body. */
  readonly pointers?: Readonly<Record<string, string>>;
  /** The fact it builds on: it comes behind that one, whatever two clocks say. */
  readonly follows?: Fact;
}

/** When the n-th fact of a request came about. */
const placeInTime = ({ follows }: FactToKeep, n: number, now: number) => {
  const occurredAt = new Date(now).toISOString();
  if (follows === undefined || follows.occurredAt < occurredAt) return { occurredAt, sourceSequence: n };
  return { occurredAt: follows.occurredAt, sourceSequence: Math.max(n, follows.sourceSequence + 1) };
};

/** A request as far as a write needs it. */
export type WriteRequest = Pick<OperationRequest, 'call' | 'audit' | 'idempotency' | 'expectedVersion' | 'subjectId'>;

/** The request with an entry that names those whose time it changes, in place of those whose the subject is now. */
export const inLogsOf = <Request extends WriteRequest>(request: Request, whose: readonly string[]): Request => ({
  ...request,
  audit: { ...request.audit, named: [...whose] },
});

export const senderOf = (actor: Actor): Sender => ({
  actor: `${actor.kind}:${actor.id}`,
  speaksFor: (system) => {
    const isOwn =
      actor.kind === 'machine' ? system !== ownSystem && actor.sources.includes(system) : system === ownSystem;
    return isOwn ? sourceNamed(system) : undefined;
  },
  supervisor: actor.kind === 'staff' && actor.roles.includes('supervisor'),
});

/** Own event id of the n-th fact of a request: the audit entry's id, which no two requests share. */
const eventIdOf = (request: Pick<WriteRequest, 'audit'>, n: number): string => `${request.audit.id}:${n}`;

/** Id of the n-th fact of a request, before it is kept. */
export const factToBe = (request: Pick<WriteRequest, 'audit'>, n = 0): string =>
  factIdOf(ownSystem, eventIdOf(request, n));

/** Id of the thing that the n-th fact of a request creates, before it is kept. */
export const idToBe = (request: WriteRequest, kind: IdKind, n = 0): string => mintedId(kind, factToBe(request, n));

/** Where a complaint about the data of a fact stands in the body it was made of. */
const pointerInBody = (pointer: string, fact: FactToKeep | undefined): string => {
  const inData = pointer.replace(/^\/data/, '');
  return fact?.pointers?.[inData] ?? `${fact?.at ?? ''}${inData}`;
};

const refuse = (result: Exclude<FactResult, { readonly fact: unknown }>, fact: FactToKeep | undefined): DomainError => {
  switch (result.status) {
    case 'retry':
      return new DomainError('unavailable', 'commit.busy', result.message, { retryAfterSeconds: 1 });
    case 'rejected':
      if (result.code === 'owner.erased') return new DomainError('conflict', result.code, result.message);
      return new DomainError('invalid', result.code, result.message, {
        errors: result.errors.map((error) => ({ ...error, pointer: pointerInBody(error.pointer, fact) })),
      });
    case 'quarantined':
      return new DomainError('conflict', result.reason, result.message);
    case 'waiting':
      return new DomainError('conflict', 'reference.unknown', result.message);
  }
};

/**
 * The record that a customer signs in under, where it is merged into the one that is asked for now. Their word is kept with it: were
 * the merge a mistake, undoing it leaves nothing of what one has said with the other.
 */
const ownAlias = ({ call: { actor }, subjectId }: WriteRequest): string | undefined =>
  actor.kind === 'customer' &&
  subjectId !== undefined &&
  kindOf(subjectId) === 'customer' &&
  actor.customerId !== subjectId
    ? actor.customerId
    : undefined;

/** A caller is told at once where what they ask would change nothing: a fact without ground has no effect (K4). */
const refuseWithoutEffect = (kept: Kept, foldedAt: (subject: string) => string): void => {
  for (const fact of kept.facts) {
    const [family] = fact.families;
    const held = family === undefined ? undefined : kept.after.get(foldedAt(fact.subjects[0] ?? ''))?.get(family);
    if (held === undefined || !knownGroundless(held).includes(fact.id)) continue;
    throw new DomainError('conflict', 'request.without-effect', 'The record does not let this be done as it stands.');
  }
};

/**
 * Keeps the facts of one request in one commit with its audit entry and idempotency record, and answers.
 * @param answer what the caller is told, from what is about to be kept; called inside the commit, so that a repeat gets the same
 * @param also what stands or falls with the facts
 * @throws DomainError as a caller may see it; 412 where If-Match named another version
 */
export const keepFacts = async <Body>(
  deps: { readonly submit: SubmitFacts; readonly now: () => number },
  request: WriteRequest,
  facts: readonly FactToKeep[],
  answer: (kept: Kept, version: number) => OperationResult<Body>,
  also: readonly Write[] = [],
): Promise<OperationResult<Body>> => {
  const { actor } = request.call;
  const now = deps.now();
  const alias = ownAlias(request);
  const foldedAt = (subject: string): string => (subject === alias ? (request.subjectId ?? subject) : subject);
  let told: OperationResult<Body> | undefined;
  const raws = facts.map((fact, n) => ({
    type: fact.type,
    source: { system: ownSystem, ...(actor.kind === 'customer' ? { channel: 'web' } : {}) },
    sourceEventId: eventIdOf(request, n),
    ...placeInTime(fact, n, now),
    correlationId: request.call.requestId.slice(0, 128),
    data:
      alias !== undefined && fact.data.customer === request.subjectId ? { ...fact.data, customer: alias } : fact.data,
  }));
  const beside = async (kept: Kept, sealer: Sealer): Promise<readonly Write[]> => {
    const primary = foldedAt(kept.facts[0]?.subjects[0] ?? '');
    refuseWithoutEffect(kept, foldedAt);
    told = answer(kept, versionOf(kept.after.get(primary) ?? new Map()));
    const named = [...new Set([...request.audit.named, ...kept.subjects])];
    const entry = { ...request.audit, ...(request.audit.subject === undefined ? { subject: primary } : {}), named };
    if (request.idempotency === undefined) return [...also, ...auditItems(entry)];
    const remembered: KeptAnswer = {
      status: told.status ?? 201,
      body: told.body,
      ...(told.version === undefined ? {} : { version: told.version }),
      ...(told.location === undefined ? {} : { location: told.location }),
    };
    const about = [...kept.subjects, ...(actor.kind === 'customer' ? [actor.customerId] : [])];
    const seal = { sealer, owner: ownerOfAnswer(about) };
    const record = await sealedIdempotencyWrite(seal, callerOf(actor), request.idempotency, remembered, now);
    return [...also, ...auditItems(entry), record];
  };
  const expected =
    request.expectedVersion === undefined || request.subjectId === undefined
      ? undefined
      : { subject: request.subjectId, version: request.expectedVersion };
  const results = await deps.submit(raws, senderOf(actor), {
    beside,
    whole: true,
    refuseRejectedValues: true,
    ...(expected === undefined ? {} : { expected }),
  });
  // Of facts that stand or fall together the one at fault is told, not those that it held back.
  const failed = results.flatMap((result, n) => ('fact' in result ? [] : [{ result, fact: facts[n] }]));
  const fault = failed.find(({ result }) => result.status !== 'retry') ?? failed[0];
  if (fault !== undefined) throw refuse(fault.result, fault.fact);
  if (told === undefined) throw new DomainError('conflict', 'request.repeated', 'This request was kept before.');
  return { ...told, audited: true };
};
