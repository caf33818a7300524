import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { listDuplicates } from '#functions/duplicates/store/duplicates.ts';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { listDisputes } from '#functions/operations/list-disputes.ts';
import type { StoryOptions } from '#scripts/seed/calendar.ts';
import { owedAt } from '#scripts/seed/payments.ts';
import { secondReference } from '#scripts/seed/second-records.ts';
import { seedUtility } from '#scripts/seed/seed-utility.ts';
import { storyOf } from '#scripts/seed/story.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import type { TableName } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { itemsOf } from '#tests/support/meters/telemetry.ts';
import { smallStory } from './options.ts';
import { openSeedDoors } from './real-doors.ts';

const fewMonths: StoryOptions = {
  seed: 'rotunda',
  customers: 12,
  months: 2,
  until: '2026-04-15',
  zone: 'Europe/London',
  currency: 'GBP',
};

type Opened = Awaited<ReturnType<typeof openSeedDoors>>;

/** Logical content: facts and states of the profile without what depends on the time of receipt, and all readings. */
const digestOf = async (opened: Opened, name: TableName): Promise<string> => {
  const lines: string[] = [];
  for (const item of await itemsOf(opened.store, name)) {
    if (name === 'profile' && !/^(STATE#|VIEW#)/.test(item.sk)) continue;
    lines.push(
      JSON.stringify(item, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    );
  }
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
};

class Killed extends Error {}

describe('playing the story through the real system', () => {
  test('every fact is accepted and has effect, every block is stored, and each account owes what its story says', {
    timeout: 60_000,
  }, async () => {
    const opened = await openSeedDoors();
    const report = await seedUtility(opened.doors, {}, smallStory);
    expect(report).toMatchObject({ options: smallStory, resumed: false, facts: opened.results.length });
    expect(opened.results.filter(({ status }) => status !== 'accepted')).toEqual([]);
    expect(opened.outcomes.filter((kind) => kind !== 'stored')).toEqual([]);
    expect(opened.outcomes).toHaveLength(report.blocks);

    const subjects = new Set(
      opened.results.flatMap((result) => (result.status === 'accepted' ? result.fact.subjects : [])),
    );
    for (const subject of subjects) {
      const { states } = await loadSubject(opened.profile, subject);
      for (const [family, { groundless }] of states) expect(groundless.count, `${family} of ${subject}`).toBe(0);
    }
    const story = storyOf(smallStory);
    for (const account of story.cast.flatMap((party) => story.tell(party).accounts)) {
      const id = await resolveNamed(opened.profile, 'account', account.reference);
      const { states } = await loadSubject(opened.profile, id ?? '');
      const owed = owedAt(story.calendar, account.bills, account.payments, story.calendar.to);
      expect(balanceOf(stateOf(states, billing).state), account.code).toBe(owed);
    }

    const asked = await listDuplicates(opened.profile, { bands: ['auto', 'steward'], limit: 100 });
    const bands = new Map(asked.duplicates.map(({ first, second, band }) => [[first, second].sort().join(' '), band]));
    const outcome: Record<string, string> = {};
    for (const party of story.cast.filter(({ secondRecord }) => secondRecord !== undefined)) {
      const [person] = story.tell(party).people;
      if (person === undefined) continue;
      const ids = await Promise.all(
        [person.reference, secondReference(person)].map((one) => resolveNamed(opened.profile, 'customer', one)),
      );
      outcome[`${party.number} ${party.secondRecord}`] = bands.get(ids.sort().join(' ')) ?? 'not asked';
    }
    expect(outcome).toMatchObject({
      '18 misspelt': 'auto',
      '19 moved': 'auto',
      '20 twin': 'not asked',
      '21 married': 'steward',
      '22 namesake': 'steward',
      '23 disputed': 'not asked',
    });
    const meter = meterIdOf('RT-00024-1-E1');
    const { answer: disputes } = await listDisputes(opened.profile, { limit: 20 }, undefined, () => false);
    expect(disputes).toMatchObject({ total: 1, disputes: [{ kind: 'meter', subject: meter, to: null }] });
    expect(disputes.disputes[0]?.claims.map(({ source }) => source)).toEqual(['field', 'imports']);

    // Nobody else is taken for somebody else.
    expect(bands.size).toBe(Object.values(outcome).filter((band) => band !== 'not asked').length);
  });

  test('after kills it goes on and ends the same; played again it does nothing; another story is refused', {
    timeout: 60_000,
  }, async () => {
    const undisturbed = await openSeedDoors();
    const report = await seedUtility(undisturbed.doors, {}, fewMonths);
    const disturbed = await openSeedDoors();
    const { submitFacts, appendBlocks } = disturbed.doors;
    // Killed each time after half of what was sent at once was kept and before the position was.
    const killedAt = { facts: 0, blocks: 0 };
    for (let kill = 1; kill <= 100; kill += 1) {
      const sent = { facts: 0, blocks: 0 };
      const dying = {
        ...disturbed.doors,
        submitFacts: async (...[facts, at]: Parameters<typeof submitFacts>) => {
          sent.facts += 1;
          if (sent.facts < 5) return submitFacts(facts, at);
          await submitFacts(facts.slice(0, facts.length / 2), at);
          killedAt.facts += 1;
          throw new Killed();
        },
        appendBlocks: async (...[blocks, at]: Parameters<typeof appendBlocks>) => {
          sent.blocks += 1;
          if (sent.blocks < 2) return appendBlocks(blocks, at);
          await appendBlocks(blocks.slice(0, blocks.length / 2), at);
          killedAt.blocks += 1;
          throw new Killed();
        },
      };
      const ended: unknown = await seedUtility(dying, {}, fewMonths).catch((error: unknown) => error);
      if (ended instanceof Killed) continue;
      expect(ended).toMatchObject({ resumed: true, options: fewMonths });
      break;
    }
    expect(killedAt.facts).toBeGreaterThan(2);
    expect(killedAt.blocks).toBeGreaterThan(1);
    const resumed = await seedUtility(disturbed.doors, {}, fewMonths);
    expect(resumed).toMatchObject({ resumed: true, facts: report.facts });
    expect(disturbed.results.filter(({ status }) => status !== 'accepted' && status !== 'duplicate')).toEqual([]);
    for (const table of ['profile', 'readings'] as const) {
      expect(await digestOf(disturbed, table)).toBe(await digestOf(undisturbed, table));
    }

    const before = disturbed.results.length;
    const nextDay = { ...fewMonths, until: '2026-04-16' };
    const again = await seedUtility(disturbed.doors, { seed: fewMonths.seed }, nextDay);
    expect(again).toMatchObject({ options: fewMonths, resumed: true, blocks: 0, facts: report.facts });
    expect(disturbed.results).toHaveLength(before);
    for (const asked of [{ customers: 13 }, { until: '2026-04-16' }, { seed: 'other' }]) {
      const refused: unknown = await seedUtility(disturbed.doors, asked, fewMonths).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DomainError);
      expect(refused).toMatchObject({ kind: 'conflict', code: 'seed.other-story' });
    }
    expect(disturbed.results).toHaveLength(before);
  });

  test('a seed that another version ended stands as it is; one that it began is refused', async () => {
    const { doors, results } = await openSeedDoors();
    const begun = { version: 1, options: fewMonths, factBatches: 3, parties: 0 };
    await doors.position.write(begun);
    const refused: unknown = await seedUtility(doors, {}, fewMonths).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'conflict', code: 'seed.other-version' });

    const ended = { facts: 812, meters: 12 };
    await doors.position.write({ ...begun, ended });
    expect(await seedUtility(doors, {}, { ...fewMonths, until: '2026-04-16' })).toEqual({
      options: fewMonths,
      ...ended,
      blocks: 0,
      resumed: true,
    });
    const other: unknown = await seedUtility(doors, { customers: 13 }, fewMonths).catch((error: unknown) => error);
    expect(other).toMatchObject({ kind: 'conflict', code: 'seed.other-story' });
    expect(results).toEqual([]);
  });
});
