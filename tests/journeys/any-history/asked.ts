import { accountOperations } from '#functions/accounts/api.ts';
import { customerOperations } from '#functions/customers/api.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import { listGroundless } from '#functions/operations/list-groundless.ts';
import { premiseOperations } from '#functions/premises/api.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import type { FactOutcome } from '#shared/facts/fact-outcome.ts';
import { newMeterWrites } from '#shared/profile/store/meters.ts';
import { readFactsOf } from '#shared/profile/store/rebuild.ts';
import { subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import type { Told } from '#tests/support/model/told.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { type Event, type History, meters } from './history.ts';

/** A system that is told a history, and what it answers at its routes. */

export const start = '2026-11-24T12:00:00.000Z';

const raw = ({ type, source, event, sequence, isUnnumbered, at, data }: Event) => ({
  type,
  source: { system: source },
  sourceEventId: event,
  ...(isUnnumbered ? {} : { sourceSequence: sequence }),
  occurredAt: at,
  data,
});

/** Facts as they come, each run of one sender by itself. */
const bySender = (batch: readonly Event[]): readonly (readonly Event[])[] => {
  const runs: Event[][] = [];
  for (const fact of batch) {
    if (runs.at(-1)?.[0]?.actor === fact.actor) runs.at(-1)?.push(fact);
    else runs.push([fact]);
  }
  return runs;
};

/** Whether a fact was refused that histories mean to be kept: all but what is another system's to take back. */
const isBeyondHistories = (result: FactOutcome): boolean =>
  result.status === 'retry' ||
  (result.status === 'rejected' &&
    result.code !== 'retraction.foreign-source' &&
    result.errors.every(({ pointer }) => pointer !== '/data/payment'));

const tell = async (system: ProfileSystem, facts: readonly Event[], batches: readonly number[]): Promise<void> => {
  for (let [from, n] = [0, 0]; from < facts.length; n += 1) {
    const size = batches[n % batches.length] ?? 1;
    for (const run of bySender(facts.slice(from, from + size))) {
      const sender = { actor: run[0]?.actor ?? '', speaksFor: sourceNamed, supervisor: false };
      const results = await system.submit(run.map(raw), sender);
      const bad = results.find(isBeyondHistories);
      if (bad !== undefined) throw new Error(JSON.stringify(bad));
    }
    from += size;
  }
  await system.settle();
};

const aMeter = (id: string, n: number) => ({
  version: 1,
  id,
  serial: `RT-${n}`,
  references: [],
  registers: [],
  zone: null,
  thing: `RT-${n}`,
  certificates: [],
  installations: [],
});

/** Tells a system a history; answers it with the moment at which the first part was known. */
export const toldTo = async ({ told, batches, known }: History) => {
  const system = await openProfileSystem({ start });
  for (const [n, id] of meters.entries()) await system.profile.commit([...newMeterWrites(aMeter(id, n))]);
  await tell(system, told.slice(0, known), batches);
  const knownAt = new Date(system.clock.now()).toISOString();
  system.clock.set(system.clock.now() + 60_000);
  await tell(system, told.slice(known), batches);
  system.clock.set(system.clock.now() + 60_000);
  return { system, knownAt };
};

/**
 * What the system itself told as it followed the history: an outage that ends with another one. It is told as it is seen, so it is
 * part of what the model is told.
 */
export const toldByItself = async ({
  profile,
  sealer,
  store,
}: ProfileSystem): Promise<readonly (Told & { recordedAt: string })[]> => {
  const found = new Map<string, Told & { recordedAt: string }>();
  for await (const { pk, sk } of store.scan('profile')) {
    const subject = sk === 'HEAD' ? subjectOfPartition(pk) : undefined;
    if (subject === undefined || subjectKindOf(subject) !== 'outage') continue;
    for (const { fact } of (await readFactsOf(profile, sealer, subject)).get('outage') ?? []) {
      const { id, type, source, sourceSequence: sequence, occurredAt: at, data, recordedAt } = fact;
      if (fact.sourceEventId.startsWith('together:'))
        found.set(id, { id, type, source: source.system, actor: source.actor, sequence, at, data, recordedAt });
    }
  }
  return [...found.values()];
};

const codeOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  throw error;
};

/** What a system answers as of its clock, or of another moment where one is given. */
export const askAt = (system: ProfileSystem, now: string) => {
  const parts = {
    ...system,
    readings: system.store.table('readings'),
    now: () => Date.parse(now),
    today: (at = Date.parse(now)) => new Date(at).toISOString().slice(0, 10),
    payments: standardPaymentPolicy,
  };
  const request = { ...operationRequest({ kind: 'system', id: 'test' }), body: undefined };
  const of = (subjectId: string, query = {}) => ({ ...request, subjectId, params: { id: subjectId }, query });
  const [accounts, customers, premises] = [
    accountOperations(parts),
    customerOperations(parts),
    premiseOperations(parts),
  ];
  return {
    account: async (id: string, moment = {}) => (await accounts.readAccount(of(id, moment))).body,
    customer: async (id: string) => (await customers.readCustomer(of(id))).body,
    view: async (id: string, moment = {}) => {
      try {
        return (await customers.read360(of(id, moment))).body;
      } catch (error) {
        return codeOf(error);
      }
    },
    timeline: async (id: string) =>
      (await customers.readTimeline({ ...of(id), query: { family: 'identity,contact,interactions', limit: 100 } }))
        .body,
    premise: async (id: string) => (await premises.readPremise(of(id))).body,
    meter: (id: string) => showMeter(parts, id),
    groundless: async () => (await listGroundless(system.profile, { limit: 1000 }, undefined, () => false)).answer,
  };
};
