import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { customerOperations } from '#functions/customers/api.ts';
import type { Operation } from '#shared/edge/operation.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import { createPrepareFacts } from '#shared/facts/prepare-facts.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { createSubmitFacts } from '#shared/facts/submit-facts.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { readFact, readHead } from '#shared/profile/store/items.ts';
import { loadSubject, readAll, unsealFact } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { headKey, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine } from '#tests/support/profile-system.ts';

export interface Contest {
  readonly writers: number;
  readonly edits: number;
  /** Longest time a writer rests between two edits, ms; 0. */
  readonly rest?: number;
}

/**
 * Many writers edit one customer at once: every other corrects the name by the version it read and, where it lost, reads again; the
 * others log interactions and, where the record is busy, send the same fact again. Checks that nothing was lost or done twice.
 */
export const contend = async (
  tables: { readonly profile: Table; readonly keys: Table },
  { writers, edits, rest = 0 }: Contest,
): Promise<{ readonly lost412: number; readonly busy: number; readonly seconds: number }> => {
  const { profile, keys } = tables;
  const clock = systemClock;
  const sealer = createSealer({ keys, master: memoryMasterKey(), clock });
  const committer = createCommitter({
    profile,
    sealer,
    clock,
    today: () => new Date(clock.now()).toISOString().slice(0, 10),
    random: Math.random,
    sleep: (milliseconds) => sleep(milliseconds),
    hooks: [],
  });
  const contentKey = new Uint8Array(32).fill(7);
  const settling = {
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: 'UTC',
    metrics: { count: () => {} },
  };
  const submit = createSubmitFacts(settling);
  const prepare = createPrepareFacts(settling);
  const operations = customerOperations({
    profile,
    sealer,
    prepare,
    now: () => clock.now(),
    today: () => new Date(clock.now()).toISOString().slice(0, 10),
  });
  const correct: Operation = operations.changeCustomer;
  const sent = (event: string, type: string, data: object) => ({
    type,
    source: { system: 'crm' },
    sourceEventId: event,
    occurredAt: new Date(clock.now()).toISOString(),
    data,
  });
  const name = { given: 'Amara', family: 'Okafor' };
  const [first] = await submit([sent('c1', 'customer.profile.registered.v1', { kind: 'person', name })], machine);
  if (first === undefined || !('fact' in first)) throw new Error('the customer was not registered');
  const customer = first.fact.entity ?? '';

  let [lost412, busy] = [0, 0];
  const told = new Set<number>();
  const began = Date.now();
  const pause = () => sleep(Math.random() * Math.max(400, 2 * rest));

  let tries = 0;
  const correctOnce = async (edit: string): Promise<boolean> => {
    tries += 1;
    const mine = String(tries).padStart(26, '0');
    const seen = versionOf((await loadSubject(profile, customer)).states);
    const request = { ...operationRequest({ kind: 'staff', id: 'a', roles: ['agent'] }), query: {} };
    const audit = { ...request.audit, id: mine };
    const body = { name: { given: edit, family: 'Okafor' } };
    try {
      const { version } = await correct({ ...request, audit, subjectId: customer, expectedVersion: seen, body });
      expect(version).toBe(seen + 1);
      expect(told.has(seen + 1)).toBe(false);
      told.add(seen + 1);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.kind === 'precondition-failed') lost412 += 1;
      else if (error.kind === 'unavailable') busy += 1;
      else throw error;
      return false;
    }
  };
  const log = async (edit: string): Promise<void> => {
    const data = { customer, channel: 'phone', reason: 'billing.high-bill', summary: edit };
    const fact = sent(edit, 'contact.interaction.logged.v1', data);
    for (;;) {
      const [result] = await submit([fact], machine);
      if (result?.status === 'accepted' || result?.status === 'duplicate') return;
      expect(result?.status).toBe('retry');
      busy += 1;
      await pause();
    }
  };
  const writer = async (_: unknown, place: number): Promise<void> => {
    for (let edit = 0; edit < edits; edit += 1) {
      const text = `W${place}-${edit}`;
      if (place % 2 === 0) await log(text);
      else while (!(await correctOnce(text))) await pause();
      if (rest > 0) await sleep(Math.random() * rest);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const seconds = (Date.now() - began) / 1000;

  const all = writers * edits;
  const head = await profile.get(headKey(customer), { consistent: true });
  if (head === undefined) throw new Error('the customer is gone');
  expect(readHead(head)).toMatchObject({ version: all + 1, published: all + 1 });
  expect(versionOf((await loadSubject(profile, customer)).states)).toBe(all + 1);
  const items = await readAll(profile, { pk: subjectPartition(customer), prefix: 'FACT#', consistent: true });
  const facts = items.map(readFact);
  const numbers = facts.map(({ sequence }) => sequence ?? 0).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: all + 1 }, (_, n) => n + 1));
  const texts = await Promise.all(
    facts.map(async (stored) => /W\d+-\d+/.exec(JSON.stringify((await unsealFact(sealer, stored)).data))?.[0]),
  );
  const expected = Array.from({ length: all }, (_, n) => `W${Math.floor(n / edits)}-${n % edits}`);
  expect(texts.filter((text) => text !== undefined).sort()).toEqual(expected.sort());
  return { lost412, busy, seconds };
};
