import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { eraseCustomer } from '#functions/privacy/erase-customer.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readFact } from '#shared/profile/store/items.ts';
import { loadSubject, unsealFact } from '#shared/profile/store/subjects.ts';
import { askAt, toldTo } from '#tests/journeys/any-history/asked.ts';
import { accounts, anyHistory, customers, type History, premises } from '#tests/journeys/any-history/history.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import type { ProfileSystem } from '#tests/support/profile-system.ts';
import { scanAll } from '#tests/support/raw-items.ts';
import { found } from './erased-household.ts';

/** Shortest text that is looked for: shorter ones are parts of others. */
const shortest = 5;

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.length < shortest ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** What is sealed in facts of one customer, and nobody else's facts say. */
const saidOf = async ({ profile, sealer }: ProfileSystem, customer: string): Promise<readonly string[]> => {
  const [own, others] = [new Set<string>(), new Set<string>()];
  for (const item of await scanAll(profile)) {
    if (!item.sk.startsWith('FACT#')) continue;
    const stored = readFact(item);
    const { data, subjects } = await unsealFact(sealer, stored);
    const isOwn = subjects.includes(customer);
    for (const [field, value] of Object.entries(data))
      for (const text of textsIn(value)) (isOwn && stored.hides.includes(field) ? own : others).add(text);
  }
  return [...own].filter((text) => ![...others].some((other) => other.includes(text)));
};

const balances = (system: ProfileSystem) =>
  Promise.all(
    accounts.map(async (id) => balanceOf(stateOf((await loadSubject(system.profile, id)).states, billing).state)),
  );

const check = async (history: History): Promise<void> => {
  const { system } = await toldTo(history);
  try {
    const [customer = ''] = customers;
    const now = new Date(system.clock.now()).toISOString();
    const texts = await saidOf(system, customer);
    expect(texts).toContain('Given0');
    const asked = () => askAt(system, now);
    const others = async () => ({
      balances: await balances(system),
      customers: await Promise.all(customers.slice(1).map((id) => asked().customer(id))),
      premises: await Promise.all(premises.map((id) => asked().premise(id))),
    });
    const before = await others();
    // Two premises that a meter came to at one instant stand in its item in the order of writing.
    const all = [...customers, ...accounts, ...premises];
    const right = (await Promise.all(all.map((id) => system.committer.refold(id, true)))).map((wrong) => !wrong);
    await eraseCustomer(system.erase, customer);
    await system.settle();
    for (const text of texts) expect(await found(system, text), text).toEqual([]);
    const answers = [
      await asked().customer(customer),
      await asked().view(customer),
      await asked().view(customer, { asOf: '2026-06-15T12:00:00.000Z' }),
      await asked().timeline(customer),
      ...(await Promise.all(accounts.map((id) => asked().account(id)))),
    ];
    for (const text of texts) expect(JSON.stringify(answers), text).not.toContain(text);
    expect(await others()).toEqual(before);
    for (const id of all.filter((_, n) => right[n])) expect(await system.committer.refold(id), id).toBe(false);
  } finally {
    await system.store.close();
  }
};

const runs = propertyRuns(25, 250);

describe('a customer of any history', () => {
  it(`is gone once erased, with the books and everybody else as they were (${runs} runs)`, { timeout: 600_000 }, () =>
    fc.assert(fc.asyncProperty(anyHistory(25), check), { numRuns: runs }),
  );
});
