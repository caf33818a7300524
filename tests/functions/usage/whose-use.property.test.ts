import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { listUsage } from '#functions/usage/store/usage-view.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { addDays, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { ownTimeOf } from '#tests/support/own-time.ts';
import { agreed, type Home, installed, openHome, removed } from '#tests/support/supplied-home.ts';

const zone = 'Europe/London';
const people = ['ana', 'ben', 'carl'] as const;
const first = '2026-03-20';
const dayAt = (n: number): string => addDays(first, n);
const days = 14;

const readings = (meter: string) =>
  Array.from({ length: days }, (_, n) => {
    const date = dayAt(n);
    return arrived(aBlock(meter, startOfDate(zone, date), Array(expectedIntervals(zone, date, 1800)).fill(1 + n)));
  });

/** Use of a point on each day as one is told of it; without a person, all of it. */
const useOf = async (home: Home, servicePoint: string, person?: string): Promise<readonly number[]> => {
  const own = person === undefined ? {} : { own: ownTimeOf(home.profile, home.idOf(`cus-${person}`)) };
  const question = { servicePoint, from: first, to: dayAt(days), resolution: 'day', limit: 1000, ...own } as const;
  try {
    const { data } = await new ShowUsage(home).answer(question);
    const found = new Map(data.map(({ start, value }) => [Date.parse(start) / 1000, value ?? 0]));
    return Array.from({ length: days }, (_, n) => found.get(startOfDate(zone, dayAt(n))) ?? 0);
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not-found') return Array(days).fill(0);
    throw error;
  }
};

const sumOf = (all: readonly (readonly number[])[]): readonly number[] =>
  Array.from({ length: days }, (_, n) => all.reduce((sum, one) => sum + (one[n] ?? 0), 0));

const agreement = fc.record({
  person: fc.constantFrom(...people),
  from: fc.integer({ min: -5, max: 13 }),
  length: fc.option(fc.integer({ min: 1, max: 12 })),
  source: fc.constantFrom('billing', 'billing', 'crm'),
});

describe('what tenants of one point are told that they used', () => {
  it('comes to no more than the point, on any day, whatever agreements are told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(agreement, { minLength: 2, maxLength: 5 }), async (agreements) => {
        const home = await openHome({ people, judged: false });
        await home.meter('m1');
        await home.tell([
          installed('m1', '2026-01-01T00:00:00.000Z'),
          ...agreements.map(({ person, from, length, source }, n) => ({
            ...agreed(person, dayAt(from), length === null ? undefined : dayAt(from + length)),
            sourceEventId: `agreed-${n}`,
            source: { system: source },
          })),
        ]);
        await home.ingest.take(readings('m1'));
        await home.settleAll();
        const whole = await useOf(home, home.idOf('svp'));
        const told = sumOf(await Promise.all(people.map((person) => useOf(home, home.idOf('svp'), person))));
        expect(whole.every((value) => value > 0)).toBe(true);
        for (const [n, value] of told.entries()) expect([0, whole[n]]).toContain(value);
        await home.store.close();
      }),
      { numRuns: 25 },
    );
  }, 240_000);

  it('is nothing on days that two sources give to two of them', async () => {
    const home = await openHome({ people, judged: false });
    await home.meter('m1');
    await home.tell([
      installed('m1', '2026-01-01T00:00:00.000Z'),
      agreed('ana', '2026-01-01'),
      { ...agreed('ben', dayAt(4), dayAt(6)), source: { system: 'crm' } },
    ]);
    await home.ingest.take(readings('m1'));
    await home.settleAll();
    const isTold = async (person: string) => (await useOf(home, home.idOf('svp'), person)).map((value) => value > 0);
    expect(await isTold('ana')).toEqual(Array.from({ length: days }, (_, n) => n < 4 || n >= 6));
    expect(await isTold('ben')).toEqual(Array(days).fill(false));
  });
});

const next = { namespace: 'mpan', value: 'next' };
const nextDoor = [
  {
    type: 'premise.premise.registered.v1',
    source: { system: 'billing' },
    sourceEventId: 'prm-next',
    occurredAt: '2024-01-01T00:00:00.000Z',
    data: { address: { lines: ['14 Quay Street'], country: 'GB' }, references: [{ namespace: 'uprn', value: 'next' }] },
  },
  {
    type: 'premise.service-point.registered.v1',
    source: { system: 'billing' },
    sourceEventId: 'svp-next',
    occurredAt: '2024-01-01T00:00:01.000Z',
    data: { premise: { namespace: 'uprn', value: 'next' }, commodity: 'electricity', zone, references: [next] },
  },
];
const atNext = (fact: ReturnType<typeof installed>, source = 'billing') => ({
  ...fact,
  source: { system: source },
  sourceEventId: `${fact.sourceEventId}-next-${source}`,
  data: { ...fact.data, servicePoint: next },
});
const start = (n: number): string => new Date(startOfDate(zone, dayAt(n)) * 1000).toISOString();

/** A meter at ana's point, and told of at ben's next door. */
const meteredTwice = async (...facts: readonly ReturnType<typeof atNext>[]): Promise<Home> => {
  const home = await openHome({ people, judged: false });
  await home.meter('m1');
  await home.tell([
    ...nextDoor,
    installed('m1', '2026-01-01T00:00:00.000Z'),
    agreed('ana', '2026-01-01'),
    atNext(agreed('ben', '2026-01-01')),
  ]);
  await home.ingest.take(readings('m1'));
  await home.settleAll();
  await home.tell(facts);
  await home.settleAll();
  return home;
};
const shares = async (home: Home) => {
  const both = await Promise.all(['svp', 'svp-next'].map((point) => useOf(home, home.idOf(point))));
  return both.map((use) => use.map((value) => (value > 0 ? 1 : 0)).join(''));
};

describe('a meter that is told of at two points', () => {
  it('measures the second from there on, though nobody said that it left the first', async () => {
    const home = await meteredTwice(atNext(installed('m1', start(5))));
    expect(await shares(home)).toEqual(['11111000000000', '00000111111111']);
    const told = await Promise.all([useOf(home, home.idOf('svp'), 'ana'), useOf(home, home.idOf('svp-next'), 'ben')]);
    expect(sumOf(told)).toEqual(
      Array.from({ length: days }, (_, n) => expectedIntervals(zone, dayAt(n), 1800) * (1 + n)),
    );
  });

  it('measures neither while two sources say so, and is not lost to who said it first', async () => {
    const home = await meteredTwice(atNext(installed('m1', start(5)), 'crm'), atNext(removed('m1', start(8)), 'crm'));
    expect(await shares(home)).toEqual(['11111000111111', '00000000000000']);
  });

  it('shows in the views of both what it measured there, and no more', async () => {
    const home = await meteredTwice(atNext(installed('m1', start(5))));
    const months = async (person: string, premise: string) => {
      const [item] = await listUsage(
        home.profile,
        home.idOf(`cus-${person}`),
        home.idOf(`acc-${person}`),
        home.idOf(premise),
      );
      return item?.summary.months.reduce((sum, { value }) => sum + (value ?? 0), 0) ?? 0;
    };
    const [ana, ben] = [await months('ana', 'prm'), await months('ben', 'prm-next')];
    const all = Array.from({ length: days }, (_, n) => expectedIntervals(zone, dayAt(n), 1800) * (1 + n));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect([ana, ben]).toEqual([sum(all.slice(0, 5)), sum(all.slice(5))]);
  });
});
