import { describe, expect, it } from 'vitest';
import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { readMatchWeights } from '#functions/duplicates/store/match-weights.ts';
import { trainWeights } from '#functions/duplicates/train-weights.ts';
import { findAllDuplicates } from '#functions/operations/find-duplicates.ts';
import { matchWeightsKey } from '#shared/table/keys.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import type { HouseholdRecord } from './rules/household-people.ts';
import { openOf, tellPerson } from './told-people.ts';

const given = ['Amara', 'Ben', 'Clara', 'Dev', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas'];
const family = [
  'Okafor',
  'Lindqvist',
  'Marlow',
  'Adler',
  'Brook',
  'Croft',
  'Dunne',
  'Eames',
  'Frost',
  'Grieve',
  'Holm',
];
const two = (n: number): string => String(n).padStart(2, '0');

/** The n-th of many strangers; every tenth is told by billing once more, with a slip. */
const stranger = (n: number): HouseholdRecord => ({
  given: given[(n * 7) % given.length] ?? 'Amara',
  family: family[(n * 5) % family.length] ?? 'Okafor',
  born: `${1940 + ((n * 13) % 60)}-${two(1 + ((n * 5) % 12))}-${two(1 + ((n * 11) % 28))}`,
  phone: `01632 96${String(n).padStart(4, '0')}`,
  address: `${1 + (n % 90)} ${family[n % family.length]} Street, Wherryton, ZZ${1 + (n % 9)} ${1 + (n % 7)}QS`,
});

const told = async (order: readonly number[]): Promise<ProfileSystem> => {
  const system = await openProfileSystem();
  for (const n of order) {
    await tellPerson(system, `n${n}`, stranger(n));
    if (n % 10 !== 0) continue;
    const { phone: _phone, ...rest } = stranger(n);
    await tellPerson(system, `n${n}b`, { ...rest, family: `${rest.family}s` }, 'billing');
  }
  return system;
};
const everybody = Array.from({ length: 100 }, (_, n) => n);
const partsOf = (system: ProfileSystem) => ({ profile: system.profile, now: () => system.clock.now() });

describe('training', () => {
  it('learns from the stored customers, keeps date and size, and no value of theirs', { timeout: 60_000 }, async () => {
    const system = await told(everybody);
    const trained = await trainWeights(partsOf(system));
    expect(trained).toMatchObject({ customers: 110, trainedAt: '2026-11-24T12:00:00.000Z' });
    // Ten pairs of one person among all pairs of 110 records.
    expect(trained.matches).toBeGreaterThan(5 / 5995);
    expect(trained.matches).toBeLessThan(20 / 5995);
    expect((await readMatchWeights(system.profile)).trained).toEqual({ at: trained.trainedAt, customers: 110 });
    const item = JSON.stringify(await system.profile.get(matchWeightsKey, { consistent: true })).toLowerCase();
    for (const value of ['okafor', 'lindqvist', 'amara', '1632', 'zz1']) expect(item).not.toContain(value);
    await system.store.close();
  });

  it('gives the same weights whatever the order the customers came in', { timeout: 120_000 }, async () => {
    const weights = [];
    for (const order of [everybody, everybody.toReversed()]) {
      const system = await told(order);
      await trainWeights(partsOf(system));
      weights.push((await readMatchWeights(system.profile)).weights);
      await system.store.close();
    }
    expect(weights[1]).toEqual(weights[0]);
  });

  it('is refused where there are too few to learn from: the weights to begin with stay', async () => {
    const system = await openProfileSystem();
    await tellPerson(system, 'a', stranger(1));
    await expect(trainWeights(partsOf(system))).rejects.toMatchObject({ code: 'match.too-few' });
    expect((await readMatchWeights(system.profile)).trained).toBeUndefined();
  });
});

describe('looking for duplicates of everybody', () => {
  it('finds what was told twice, in steps that go on where the last one stopped', { timeout: 60_000 }, async () => {
    const system = await told(everybody);
    const parts = {
      profile: system.profile,
      findDuplicatesOf: (customer: string) => findDuplicates(partsOf(system), customer, true),
    };
    let steps = 0;
    let step = await findAllDuplicates(parts, undefined, () => true);
    while (step.next !== undefined) {
      step = await findAllDuplicates(parts, step.next, () => true);
      steps += 1;
    }
    expect(steps).toBeGreaterThan(100);
    expect(step.answer.customers).toBe(110);
    const again = await findAllDuplicates(parts, undefined, () => false);
    expect(again.answer).toMatchObject({ customers: 110, open: 10 });
    expect(await openOf(system)).toHaveLength(10);
    await system.store.close();
  });

  it('goes by the weights that were learned', { timeout: 60_000 }, async () => {
    const system = await told(everybody);
    await trainWeights(partsOf(system));
    const parts = {
      profile: system.profile,
      findDuplicatesOf: (customer: string) => findDuplicates(partsOf(system), customer, true),
    };
    await findAllDuplicates(parts, undefined, () => false);
    const again = await findAllDuplicates(parts, undefined, () => false);
    expect(again.answer.open).toBe(10);
    await system.store.close();
  });
});
