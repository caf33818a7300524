import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { mostMerges } from '#shared/profile/rules/links.ts';
import type { UnfitLink } from '#shared/profile/store/link-marks.ts';
import { olderRecordOf } from '#shared/profile/store/subjects.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import {
  factIdKey,
  headKey,
  meterKey,
  quarantineKey,
  referenceKey,
  servicePointKey,
  waitingKey,
} from '#shared/table/keys.ts';
import { ConditionFailed, type Key, type Table, type Write } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import type { CommitOutcome, CommitRequest, Committer } from './commit.ts';
import type { FactEffect } from './commit-plan.ts';
import { type Door, doorOf, keptAudit, type RefusedFact, recordRefusedFacts } from './door-audit.ts';
import { namesErased, rawNamesErased } from './erased-owners.ts';
import { placeFact } from './place-fact.ts';
import type { PlacedFact } from './placed-fact.ts';
import { awaitedInWords, type Placement, type Sender } from './placement.ts';
import { type AwaitedThing, quarantine, waitingWrite } from './quarantine.ts';
import type { Sealer } from './seal.ts';
import { valueErrors } from './value-errors.ts';

/** What became of one fact. */
export type FactResult =
  | {
      readonly status: 'accepted' | 'duplicate';
      readonly factId: string;
      readonly fact: Fact;
      /** What it did, where it was kept now and is folded already. */
      readonly effect?: FactEffect;
    }
  | { readonly status: 'waiting'; readonly factId: string; readonly awaited: AwaitedThing; readonly message: string }
  | {
      readonly status: 'quarantined';
      readonly factId: string;
      readonly reason: QuarantineReason;
      readonly message: string;
    }
  | {
      readonly status: 'rejected';
      readonly code: string;
      readonly message: string;
      readonly errors: readonly FieldError[];
      readonly reason: QuarantineReason;
    }
  | { readonly status: 'retry'; readonly factId: string; readonly message: string };

export interface SubmitDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly committer: Committer;
  readonly contentKey: Uint8Array;
  /** Country of phone numbers written without one. */
  readonly country: Country;
  /** Bounds of payments: what is above is kept aside. */
  readonly payments: PaymentPolicy;
  /** The utility's zone: says on which date a fact occurred. */
  readonly zone: string;
  readonly metrics: Metrics;
}

export interface SubmitOptions {
  /** The door they came by: each commit gets its audit entry, and so does what the sender may not say. */
  readonly door?: Door;
  /** Goes into each commit: audit entries, idempotency record. */
  readonly beside?: CommitRequest['beside'];
  /** All facts in one commit, or none (they have the same subjects): where one is rejected, the others answer `retry`. */
  readonly whole?: boolean;
  /** Who sends can be asked again: a fact with a value that the validators reject is refused, not kept. */
  readonly refuseRejectedValues?: boolean;
  /** If-Match of the caller. */
  readonly expected?: CommitRequest['expected'];
  /** A waiting entry that the commit placing its fact takes away. */
  readonly placedFrom?: Key;
  /** What cannot be kept as a fact is kept aside whole (the bus: its sender gets no answer). */
  readonly keepRejected?: boolean;
}

/** Reasons of facts that their sender may not say. */
const notItsOwn: ReadonlySet<QuarantineReason> = new Set<QuarantineReason>([
  'source.refused',
  'fact.type-not-allowed',
  'fact.value-not-allowed',
]);

/** Type and event of what was refused to its sender: it had the shape of a fact, and was of a known type. */
const refusedOf = (raw: unknown, code: string): RefusedFact => {
  const { type, sourceEventId } = IncomingFact.parse(raw);
  return { code, type, event: sourceEventId };
};

/** Most facts of one commit (K11). */
const maxTogether = 20;
/** Records that one fact is held against: an account, a customer and the survivor, a premise. */
const mostRefolded = 4;

const subjectsKey = (placed: PlacedFact): string => placed.fact.subjects.join(' ');

const rawBytes = (raw: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(raw));

const sourceOf = (raw: unknown): string => {
  const source = typeof raw === 'object' && raw !== null && 'source' in raw ? raw.source : undefined;
  const system = typeof source === 'object' && source !== null && 'system' in source ? source.system : undefined;
  return typeof system === 'string' && /^[a-z0-9-]{1,40}$/.test(system) ? system : 'unknown';
};

/** The item whose coming ends the wait. */
const awaitedKey = (awaited: AwaitedThing): Key => {
  if (awaited.kind === 'fact') return factIdKey(awaited.value);
  if (awaited.kind !== 'head')
    return referenceKey(awaited.kind, { namespace: awaited.namespace, value: awaited.value });
  switch (kindOf(awaited.value)) {
    case 'servicePoint':
      return servicePointKey(awaited.value);
    case 'meter':
      return meterKey(awaited.value);
    default:
      return headKey(awaited.value);
  }
};

/**
 * The one way in for facts, whatever the door: places each, commits those of one subject together, lets wait what names
 * something unknown, keeps aside what cannot be placed. Answers one result for each, in order. Never throws for a bad fact.
 */
export type SubmitFacts = (
  raws: readonly unknown[],
  sender: Sender,
  options?: SubmitOptions,
) => Promise<readonly FactResult[]>;

/** What becomes of a fact that names a person who was erased: it is kept nowhere. */
const ofErased = {
  status: 'rejected',
  code: 'owner.erased',
  message: 'The person it names was erased; nothing more is kept about them.',
  errors: [],
  reason: 'fact.erased',
} as const satisfies FactResult;

const unfitInWords: Readonly<Record<UnfitLink, string>> = {
  'merge.same-customer': 'A record cannot be merged with itself.',
  'merge.not-a-customer': 'Only customers can be merged.',
  'merge.too-many': `A customer may be one by ${mostMerges} merges at most.`,
};

/** A placement of somebody who can be asked again: refused where the validators reject a value. */
const unlessRejected = (placement: Placement): Placement => {
  if (placement.status !== 'placed') return placement;
  const errors = valueErrors(placement.placed.fact, 'rejected');
  const message = 'A value cannot be right: see errors.';
  return errors.length === 0
    ? placement
    : { status: 'rejected', code: 'value.rejected', message, errors, reason: 'fact.invalid' };
};

interface Pending {
  readonly index: number;
  readonly raw: unknown;
  readonly placed: PlacedFact;
}

export const createSubmitFacts = (deps: SubmitDeps): SubmitFacts => {
  /** Takes out what was kept of a person whose erasure was approved between the look at them and the write. */
  const unlessErased = async (raw: unknown, kept: Key): Promise<void> => {
    if (await rawNamesErased(deps.profile, raw)) await deps.profile.commit([{ remove: kept }]);
  };

  const keepAside = async (raw: unknown, sender: Sender, reason: QuarantineReason): Promise<void> => {
    const id = await quarantine(deps.profile, deps.sealer, {
      kind: 'fact',
      reason,
      source: sourceOf(raw),
      actor: sender.actor,
      receivedAt: deps.clock.now(),
      raw: rawBytes(raw),
    });
    await unlessErased(raw, quarantineKey(id));
  };

  /** Lets a fact wait, unless what it waits for has come meanwhile. Answers whether it waits. */
  const letWait = async (raw: unknown, sender: Sender, awaited: AwaitedThing): Promise<boolean> => {
    const refused = {
      kind: 'fact' as const,
      reason: 'reference.unknown' as const,
      source: sourceOf(raw),
      actor: sender.actor,
      receivedAt: deps.clock.now(),
      raw: rawBytes(raw),
      detail: { waitsFor: awaitedInWords(awaited), supervisor: String(sender.supervisor) },
    };
    const { id, write } = await waitingWrite(deps.sealer, refused, awaited);
    const stillAway: Write = { check: awaitedKey(awaited), when: { kind: 'absent' } };
    try {
      await deps.profile.commit([write, stillAway]);
      await unlessErased(raw, waitingKey(awaited.kind, awaited.namespace, awaited.value, id));
      return true;
    } catch (failure) {
      if (!(failure instanceof ConditionFailed)) throw failure;
      return !failure.failed.includes(1);
    }
  };

  const resultOf = async (pending: Pending, outcome: CommitOutcome, sender: Sender): Promise<FactResult | 'again'> => {
    const { fact } = pending.placed;
    switch (outcome.status) {
      case 'accepted': {
        const { effect } = outcome;
        if (effect?.groundless === true) deps.metrics.count('facts.groundless', { type: fact.type });
        return { status: 'accepted', factId: fact.id, fact, ...(effect === undefined ? {} : { effect }) };
      }
      case 'duplicate':
        return { status: 'duplicate', factId: fact.id, fact };
      case 'conflict':
        if (await namesErased(deps.profile, fact.subjects)) return ofErased;
        await keepAside(pending.raw, sender, 'fact.conflict');
        return {
          status: 'quarantined',
          factId: fact.id,
          reason: 'fact.conflict',
          message: 'Another fact with this source event id is kept; both stay.',
        };
      case 'taken':
        if (await namesErased(deps.profile, [outcome.holder])) return ofErased;
        await keepAside(pending.raw, sender, 'reference.taken');
        return {
          status: 'quarantined',
          factId: fact.id,
          reason: 'reference.taken',
          message: `A reference of it belongs to ${outcome.holder}.`,
        };
      case 'unknown-subject': {
        const awaited = { kind: 'head', namespace: 'id', value: outcome.subject };
        return (await letWait(pending.raw, sender, awaited))
          ? { status: 'waiting', factId: fact.id, awaited, message: `Waits for ${awaitedInWords(awaited)}.` }
          : 'again';
      }
      case 'erased':
        return ofErased;
      case 'unfit': {
        const { code } = outcome;
        await keepAside(pending.raw, sender, 'fact.invalid');
        return { status: 'rejected', code, message: unfitInWords[code], errors: [], reason: 'fact.invalid' };
      }
    }
  };

  /** Finds a fact its place; a record of older rules that is asked for that is folded anew first. */
  const placeCurrent = async (place: () => Promise<Placement>): Promise<Placement> => {
    for (let refolded = 0; ; refolded += 1) {
      try {
        return await place();
      } catch (failure) {
        const older = olderRecordOf(failure);
        if (older === undefined || refolded >= mostRefolded) throw failure;
        await deps.committer.refold(older);
      }
    }
  };

  return async (raws, sender, options = {}) => {
    const results = new Map<number, FactResult>();
    const refused: RefusedFact[] = [];
    const note = (index: number, result: FactResult): void => {
      results.set(index, result);
      deps.metrics.count('facts', { status: result.status });
    };
    const besideOf = (): CommitRequest['beside'] => {
      const { placedFrom, beside, door } = options;
      if (placedFrom === undefined && door === undefined) return beside;
      return async (kept, sealer) => [
        ...((await beside?.(kept, sealer)) ?? []),
        ...(door === undefined ? [] : keptAudit(door, kept, deps.clock.now())),
        ...(placedFrom === undefined ? [] : [{ remove: placedFrom }]),
      ];
    };

    const flush = async (group: Pending[]): Promise<void> => {
      if (group.length === 0) return;
      const pending = group.splice(0);
      const beside = besideOf();
      try {
        const committed = await deps.committer.commit({
          facts: pending.map((one) => one.placed),
          ...(options.expected === undefined ? {} : { expected: options.expected }),
          ...(options.whole === undefined ? {} : { whole: options.whole }),
          ...(beside === undefined ? {} : { beside }),
        });
        for (const [place, one] of pending.entries()) {
          const outcome = committed.outcomes[place];
          if (outcome === undefined) throw new Error('a commit answered too few outcomes');
          const result = await resultOf(one, outcome, sender);
          note(one.index, result === 'again' ? retryLater(one.placed.fact.id) : result);
        }
      } catch (failure) {
        if (failure instanceof DomainError && failure.code === ofErased.code) {
          for (const one of pending) note(one.index, ofErased);
          return;
        }
        if (!(failure instanceof DomainError) || failure.kind !== 'unavailable') throw failure;
        for (const one of pending) note(one.index, retryLater(one.placed.fact.id));
      }
    };

    const settle = async (
      index: number,
      raw: unknown,
      placement: Exclude<Placement, { status: 'placed' }>,
    ): Promise<'again' | 'settled'> => {
      // What says something of a person who was erased is not kept anywhere, also where it could not be placed.
      if (await rawNamesErased(deps.profile, raw)) {
        note(index, ofErased);
        return 'settled';
      }
      switch (placement.status) {
        case 'rejected':
          if (options.keepRejected === true) await keepAside(raw, sender, placement.reason);
          if (notItsOwn.has(placement.reason)) refused.push(refusedOf(raw, placement.code));
          note(index, placement);
          return 'settled';
        case 'quarantined':
          await keepAside(raw, sender, placement.reason);
          note(index, placement);
          return 'settled';
        case 'waiting': {
          const waits = await letWait(raw, sender, placement.awaited);
          if (!waits) return 'again';
          note(index, { ...placement, message: `Waits for ${awaitedInWords(placement.awaited)}.` });
          return 'settled';
        }
      }
    };

    const group: Pending[] = [];
    for (const [index, raw] of raws.entries()) {
      // What it names may be in a fact before it, or have come since it was looked for.
      for (let tried = 0; ; tried += 1) {
        const among = options.whole === true ? group.map(({ placed }) => placed) : [];
        const found = await placeCurrent(() => placeFact(deps, raw, sender, deps.clock.now(), among));
        const placement = options.refuseRejectedValues === true ? unlessRejected(found) : found;
        if (placement.status === 'placed') {
          const first = group[0];
          if (
            first !== undefined &&
            (subjectsKey(first.placed) !== subjectsKey(placement.placed) || group.length >= maxTogether)
          )
            await flush(group);
          group.push({ index, raw, placed: placement.placed });
          break;
        }
        if (placement.status === 'waiting' && group.length > 0) {
          await flush(group);
          continue;
        }
        if (options.whole === true && placement.status === 'rejected') {
          group.splice(0);
          note(index, placement);
          return raws.map((_, place) => results.get(place) ?? retryLater(''));
        }
        if ((await settle(index, raw, placement)) === 'settled') break;
        if (tried >= 3) {
          note(index, retryLater('factId' in placement ? placement.factId : ''));
          break;
        }
      }
    }
    await flush(group);
    if (refused.length > 0) {
      for (const { code } of refused) deps.metrics.count('facts.refused', { code });
      const door = options.door ?? doorOf('inner', sender.actor, 'none');
      await recordRefusedFacts(deps.profile, door, refused, deps.clock.now());
    }
    return raws.map((_, index) => {
      const result = results.get(index);
      if (result === undefined) throw new Error('a fact was left without a result');
      return result;
    });
  };
};

const retryLater = (factId: string): FactResult => ({
  status: 'retry',
  factId,
  message: 'The record is being changed by others; send it again.',
});
