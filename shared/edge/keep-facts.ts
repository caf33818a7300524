import type { Fact } from '#shared/contracts/facts/fact.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { auditItems, type NewEntry } from '#shared/facts/audit.ts';
import { type FactOutcome, isKept, isToBeSentAgain } from '#shared/facts/fact-outcome.ts';
import { type AnswerToKeep, callerOf } from '#shared/facts/idempotency.ts';
import type { ExpectedVersion } from '#shared/facts/one-transaction.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { Kept } from '#shared/facts/plan-commit.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { refusalOfFact } from '#shared/facts/refuse-fact.ts';
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

/** Which record folds what a request says of a subject: what a customer says of their own alias is folded by its survivor. */
const foldedAt = (request: WriteRequest, subject: string): string =>
  subject === ownAlias(request) ? (request.subjectId ?? subject) : subject;

/** A caller is told at once where what they ask would change nothing: a fact without ground has no effect. */
const refuseWithoutEffect = (request: WriteRequest, kept: Kept): void => {
  for (const fact of kept.facts) {
    const [family] = fact.families;
    const record = foldedAt(request, fact.subjects[0] ?? '');
    const held = family === undefined ? undefined : kept.after.get(record)?.get(family);
    if (held === undefined || !knownGroundless(held).includes(fact.id)) continue;
    throw new DomainError('conflict', 'request.without-effect', 'The record does not let this be done as it stands.');
  }
};

/** Facts of a request as any source sends them, this system being the source. */
const sentBy = (request: WriteRequest, facts: readonly FactToKeep[], now: number): readonly unknown[] => {
  const { actor, requestId } = request.call;
  const alias = ownAlias(request);
  return facts.map((fact, n) => ({
    type: fact.type,
    source: { system: ownSystem, ...(actor.kind === 'customer' ? { channel: 'web' } : {}) },
    sourceEventId: eventIdOf(request, n),
    ...placeInTime(fact, n, now),
    correlationId: requestId.slice(0, 128),
    data:
      alias !== undefined && fact.data.customer === request.subjectId ? { ...fact.data, customer: alias } : fact.data,
  }));
};

const expectedOf = ({ expectedVersion: version, subjectId: subject }: WriteRequest): ExpectedVersion | undefined =>
  version === undefined || subject === undefined ? undefined : { subject, version };

/** The entry of a request that changed something, in the logs of all whom it changed. */
const entryOf = ({ audit }: WriteRequest, kept: Kept, primary: string): NewEntry => ({
  ...audit,
  ...(audit.subject === undefined ? { subject: primary } : {}),
  named: [...new Set([...audit.named, ...kept.subjects])],
});

/** The answer as a repeat of the request gets it; nothing where the caller may not repeat. */
const answerToKeep = (
  request: WriteRequest,
  kept: Kept,
  told: OperationResult,
  now: number,
): AnswerToKeep | undefined => {
  const { actor } = request.call;
  if (request.idempotency === undefined) return undefined;
  return {
    caller: callerOf(actor),
    idempotency: request.idempotency,
    answer: {
      status: told.status ?? 201,
      body: told.body,
      ...(told.version === undefined ? {} : { version: told.version }),
      ...(told.location === undefined ? {} : { location: told.location }),
    },
    about: [...kept.subjects, ...(actor.kind === 'customer' ? [actor.customerId] : [])],
    now,
  };
};

/** Of facts that stand or fall together the one at fault is told, not those that it held back. */
const refuseUnkept = (outcomes: readonly FactOutcome[], facts: readonly FactToKeep[]): void => {
  const unkept = outcomes.flatMap((outcome, n) => (isKept(outcome) ? [] : [{ outcome, fact: facts[n] }]));
  const fault = unkept.find(({ outcome }) => !isToBeSentAgain(outcome)) ?? unkept[0];
  if (fault !== undefined) throw refusalOfFact(fault.outcome, (pointer) => pointerInBody(pointer, fault.fact));
};

export interface KeepDeps {
  readonly prepare: PrepareFacts;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What a request kept, and the answer that was made of it. */
export interface KeptAndTold<Body> {
  readonly kept: Kept;
  readonly told: OperationResult<Body>;
}

/**
 * Keeps the facts of one request in one commit with its audit entry and the record of its answer. The answer is made of what is about
 * to be kept, anew where others were first, so what a repeat is told is what was kept.
 * @param answer what the caller is told, with the version that the primary subject of the facts will have
 * @param also what stands or falls with the facts
 * @throws DomainError as a caller may see it; 412 where If-Match named another version
 */
export const keepAndTell = async <Body>(
  deps: KeepDeps,
  request: WriteRequest,
  facts: readonly FactToKeep[],
  answer: (kept: Kept, version: number) => OperationResult<Body>,
  also: readonly Write[] = [],
): Promise<KeptAndTold<Body>> => {
  const now = deps.now();
  const prepared = await deps.prepare(sentBy(request, facts, now), senderOf(request.call.actor), expectedOf(request));
  let last: KeptAndTold<Body> | undefined;
  for (let kept = await prepared.plan(); kept !== undefined; kept = await prepared.plan()) {
    refuseWithoutEffect(request, kept);
    const primary = foldedAt(request, kept.facts[0]?.subjects[0] ?? '');
    const told = answer(kept, versionOf(kept.after.get(primary) ?? new Map()));
    last = { kept, told };
    await prepared.write({
      writes: [...also, ...auditItems(entryOf(request, kept, primary))],
      answer: answerToKeep(request, kept, told, now),
    });
  }
  refuseUnkept(await prepared.outcomes(), facts);
  if (last === undefined) throw new DomainError('conflict', 'request.repeated', 'This request was kept before.');
  return { kept: last.kept, told: { ...last.told, audited: true } };
};

/** The same for who needs to know no more than what the caller is told. */
export const keepFacts = async <Body>(...of: Parameters<typeof keepAndTell<Body>>): Promise<OperationResult<Body>> =>
  (await keepAndTell(...of)).told;
