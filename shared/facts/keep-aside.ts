import type { Clock } from '#shared/runtime/clock.ts';
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
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { rawNamesErased } from './erased-owners.ts';
import { awaitedInWords, type Sender } from './placing/placement.ts';
import { type AwaitedThing, quarantine, type Refused, waitingWrite } from './quarantine.ts';
import type { Sealer } from './seal.ts';

export interface AsideDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** A fact as it was sent, and by whom. */
export interface SentFact {
  readonly raw: unknown;
  readonly sender: Sender;
}

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

const refusedOf = ({ clock }: AsideDeps, { raw, sender }: SentFact, reason: QuarantineReason): Refused => ({
  kind: 'fact',
  reason,
  source: sourceOf(raw),
  actor: sender.actor,
  receivedAt: clock.now(),
  raw: new TextEncoder().encode(JSON.stringify(raw)),
});

/** Takes out what was kept of a person whose erasure was approved between the look at them and the write. */
const unlessErased = async ({ profile }: AsideDeps, raw: unknown, kept: Key): Promise<void> => {
  if (await rawNamesErased(profile, raw)) await profile.commit([{ remove: kept }]);
};

/** Keeps a fact aside for people. */
export const keepAside = async (deps: AsideDeps, sent: SentFact, reason: QuarantineReason): Promise<void> => {
  const id = await quarantine(deps.profile, deps.sealer, refusedOf(deps, sent, reason));
  await unlessErased(deps, sent.raw, quarantineKey(id));
};

/** Lets a fact wait, unless what it waits for has come meanwhile. Answers whether it waits. */
export const letWait = async (deps: AsideDeps, sent: SentFact, awaited: AwaitedThing): Promise<boolean> => {
  const detail = { waitsFor: awaitedInWords(awaited), supervisor: String(sent.sender.supervisor) };
  const refused = { ...refusedOf(deps, sent, 'reference.unknown'), detail };
  const { id, write } = await waitingWrite(deps.sealer, refused, awaited);
  const stillAway: Write = { check: awaitedKey(awaited), when: { kind: 'absent' } };
  try {
    await deps.profile.commit([write, stillAway]);
    await unlessErased(deps, sent.raw, waitingKey(awaited.kind, awaited.namespace, awaited.value, id));
    return true;
  } catch (failure) {
    if (!(failure instanceof ConditionFailed)) throw failure;
    return !failure.failed.includes(1);
  }
};
