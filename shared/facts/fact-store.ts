import { setTimeout as sleepFor } from 'node:timers/promises';
import { claimHooks } from '#functions/claims.ts';
import type { MasterKey } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { localToday } from '#shared/runtime/today.ts';
import type { Table } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type Committer, createCommitter } from './commit.ts';
import { createPrepareFacts, type PrepareFacts } from './prepare-facts.ts';
import { createSealer, type Sealer } from './seal.ts';
import { createSubmitFacts, type SubmitFacts } from './submit-facts.ts';

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

/** What keeps facts: sealing, the commit with its claims, and the ways in. */
export interface FactStore {
  readonly sealer: Sealer;
  readonly committer: Committer;
  readonly submit: SubmitFacts;
  readonly prepare: PrepareFacts;
}

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
  const settling = {
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: parts.country,
    payments: parts.payments,
    zone: parts.zone,
    metrics,
  };
  return { sealer, committer, submit: createSubmitFacts(settling), prepare: createPrepareFacts(settling) };
};
