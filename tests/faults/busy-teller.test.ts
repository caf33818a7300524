import { expect, it } from 'vitest';
import { readFacts } from '#shared/profile/store/subjects.ts';
import { contendWithTeller } from './busy-teller.ts';

it.each([
  ['a hundred facts', [100], 5],
  ['three hundred facts', [100, 100, 100], 15],
])(
  'a fact of a client is kept where the system always comes first with %s of the same premise',
  async (_, batches, lost) => {
    const { status, tries, failed, home } = await contendWithTeller(batches);
    expect({ status, tries, failed }).toEqual({ status: 'accepted', tries: lost + 1, failed: 0 });
    const told = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const issues = told.flatMap(({ fact }) => (fact.type === 'metering.month.closed.v1' ? [fact.data.issue] : []));
    const all = batches.reduce((sum, count) => sum + count, 0);
    expect(issues).toEqual(Array.from({ length: all }, (_, index) => index + 1));
  },
);
