import { beforeAll, describe, expect, it } from 'vitest';
import { telling } from '#shared/edge/tell-facts.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { readFacts } from '#shared/profile/store/subjects.ts';
import { headKey } from '#shared/table/keys.ts';
import type { Change } from '#shared/table/table.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import { type Home, openHome } from '#tests/support/supplied-home.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});

/** An exception that was resolved; `revision` 0 is none that a fact may have. */
const toldOf = (name: string, revision = 1): ToldFact => ({
  type: 'metering.exception.resolved.v1',
  event: `${name}:${revision}`,
  occurredAt: '2026-06-01T08:00:00.000Z',
  data: {
    servicePoint: home.idOf('svp'),
    meter: home.idOf('svp'),
    register: 'E1',
    exception: name,
    revision,
    outcome: 'resolved',
  },
});
const monthOf = (name: string, servicePoint = home.idOf('svp')): ToldFact => ({
  type: 'metering.month.closed.v1',
  event: name,
  occurredAt: '2026-06-01T08:00:00.000Z',
  data: {
    servicePoint,
    register: 'E1',
    month: '2026-05',
    issue: 1,
    unit: 'Wh',
    powerOfTen: 0,
    value: 1,
    excluded: 0,
    byQuality: [],
    expected: 1,
    missing: 0,
    estimatedPerMille: 0,
    days: 31,
    daysComplete: 0,
    openExceptions: 0,
  },
});

const change = (position: string): Change => ({
  key: { pk: 'any', sk: position },
  before: undefined,
  after: undefined,
  position,
});
/** Tells the facts of each change, by its position. */
const tell = (facts: ReadonlyMap<string, readonly ToldFact[] | Error>) =>
  telling(home.submit, 'validation', async ({ position }) => {
    const told = facts.get(position) ?? [];
    if (told instanceof Error) throw told;
    return told;
  })([...facts.keys()].map(change));

const commits = async (): Promise<number> => {
  const item = await home.profile.get(headKey(home.idOf('prm')), { consistent: true });
  return item === undefined ? 0 : readHead(item).version;
};
const kept = async (...events: readonly string[]) => {
  const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
  return facts.flatMap(({ fact }) => (events.includes(fact.sourceEventId) ? [fact.sourceEventId] : [])).sort();
};

describe('what the system tells of the changes of a batch', () => {
  it('is kept in few commits for each premise, and once however often it comes', async () => {
    const names = Array.from({ length: 45 }, (_, n) => `many-${n}`);
    const facts = new Map(names.map((name) => [name, [monthOf(name)]] as const));
    const before = await commits();
    expect(await tell(facts)).toEqual({});
    expect((await commits()) - before).toBe(3);
    expect(await tell(facts)).toEqual({});
    expect((await commits()) - before).toBe(3);
    expect(await kept(...names)).toEqual(names.toSorted());
  });

  it('is told up to a change of which nothing can be made; from that on the batch comes again', async () => {
    const broken = new Error('no answer');
    const facts = new Map<string, readonly ToldFact[] | Error>([
      ['1', [monthOf('first')]],
      ['2', broken],
      ['3', [monthOf('third')]],
    ]);
    expect(await tell(facts)).toEqual({ failed: '2', cause: broken });
    expect(await kept('first', 'third')).toEqual(['first']);
  });

  it('comes again from the first change of which a fact was not kept, whatever comes after it', async () => {
    const facts = new Map<string, readonly ToldFact[] | Error>([
      ['1', [monthOf('before')]],
      ['2', [toldOf('bad', 0)]],
      ['3', [monthOf('after')]],
      ['4', new Error('no answer')],
    ]);
    expect(await tell(facts)).toMatchObject({ failed: '2' });
    expect(await kept('before', 'bad:0', 'after')).toEqual(['after', 'before']);
  });
});
