import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Country } from '#shared/domain/search/phone.ts';
import type { MasterKey } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { localToday } from '#shared/runtime/today.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type Committer, createCommitter } from './commit.ts';
import type { ClaimHook } from './commit-plan.ts';
import { meterInstallationHook } from './meter-claims.ts';
import { createSealer, type Sealer } from './seal.ts';
import { keepingHash } from './search-hash.ts';
import { exactSearchHook } from './search-subjects.ts';
import { createSubmitFacts, type SubmitFacts } from './submit-facts.ts';
import type { Table } from './table.ts';
import { waitingErasureHook } from './waiting-erasures.ts';
import { waitingReversalHook } from './waiting-reversals.ts';

export interface FactStoreParts {
  readonly profile: Table;
  readonly keys: Table;
  readonly master: MasterKey;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** The utility's zone: says which date it is. */
  readonly zone: string;
  /** Country of phone numbers written without one. */
  readonly country: Country;
  /** Bounds of payments: what is above is kept aside. */
  readonly payments: PaymentPolicy;
  /** Key of the fingerprints of facts, 32 bytes. */
  readonly contentKey: Uint8Array;
  /** Wraps the committer before anything uses it. */
  readonly around?: (committer: Committer) => Committer;
}

/** What keeps facts: sealing, the commit with its claims, and the one way in. */
export interface FactStore {
  readonly sealer: Sealer;
  readonly committer: Committer;
  readonly submit: SubmitFacts;
}

/** What commits keep in step besides the subjects' own items. */
export const claimHooks = (
  profile: Table,
  country: Country,
  sealer: Pick<Sealer, 'mac' | 'warm'>,
): readonly ClaimHook[] => [
  exactSearchHook(country, keepingHash(sealer)),
  meterInstallationHook(profile),
  waitingReversalHook,
  waitingErasureHook,
];

/** Puts together what keeps facts, the same on one machine and in a Lambda. */
export const openFactStore = (parts: FactStoreParts): FactStore => {
  const { profile, clock, metrics, contentKey } = parts;
  const sealer = createSealer({ keys: parts.keys, master: parts.master, clock });
  const plain = createCommitter({
    profile,
    sealer,
    clock,
    today: localToday(clock, parts.zone),
    random: Math.random,
    sleep: (milliseconds) => sleepFor(milliseconds),
    hooks: claimHooks(profile, parts.country, sealer),
  });
  const committer = parts.around?.(plain) ?? plain;
  const submit = createSubmitFacts({
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: parts.country,
    payments: parts.payments,
    zone: parts.zone,
    metrics,
  });
  return { sealer, committer, submit };
};
