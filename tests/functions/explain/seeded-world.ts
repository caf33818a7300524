import { explainOperations } from '#functions/explain/api.ts';
import { followReadings, followSupply } from '#functions/usage/follow-readings.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import type { StoryOptions } from '#scripts/seed/calendar.ts';
import { seedUtility } from '#scripts/seed/seed-utility.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { orderOfFact } from '#shared/profile/store/items.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import type { Change } from '#shared/table/table.ts';
import { factOf, sent } from '#tests/functions/told-household.ts';
import { openSeedDoors } from '#tests/scripts/seed/real-doors.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine } from '#tests/support/profile-system.ts';

/** A seeded utility, its facts as they came in, and the operations that explain its values. */
export const openSeededWorld = async (story: StoryOptions) => {
  const opened = await openSeedDoors();
  await seedUtility(opened.doors, {}, story);
  const { profile, sealer, submit, prepare, clock, readings, store } = opened;
  const recompute = new UsageRecompute({ profile, readings, metrics: { count: () => {} } });
  const changesOf = async (table: 'profile' | 'readings'): Promise<readonly Change[]> => {
    const feed = store.feed(table);
    const changes: Change[] = [];
    for (let shard = 0; shard < feed.shards; shard += 1) {
      for (let position: string | undefined; ; ) {
        const batch = await feed.read(shard, position, 500);
        changes.push(...batch.map(({ position: place, entry }) => ({ ...entry, position: place })));
        if (batch.length === 0) break;
        position = batch.at(-1)?.position;
      }
    }
    return changes;
  };
  await followSupply(recompute, await changesOf('profile'));
  await followReadings({ profile, recompute }, await changesOf('readings'));
  const now = () => clock.now();
  const today = (at = now()) => new Date(at).toISOString().slice(0, 10);
  const show = (customer: string) => show360({ profile, now, today }, customer);
  const operations = explainOperations({ profile, sealer, prepare, now, today });
  const request = operationRequest({ kind: 'system', id: 'test' });
  const facts = (): readonly Fact[] =>
    opened.results
      .flatMap((result) => ('fact' in result ? [result.fact] : []))
      .sort((a, b) => (orderOfFact(a) < orderOfFact(b) ? -1 : 1));
  return {
    /** All facts so far, in fold order. */
    facts,
    today: today(),
    now: new Date(now()).toISOString(),
    show,
    customers: facts().flatMap(({ type, entity }) =>
      type === 'customer.profile.registered.v1' && entity !== undefined ? [entity] : [],
    ),
    /** Tells one more fact, now, and sees all done that follows of it; answers its id. */
    tell: async (event: string, type: string, data: Fact['data'], system = 'crm'): Promise<string> => {
      const told = await submit([sent(event, type, new Date(now()).toISOString(), data, system)], machine);
      opened.results.push(...told);
      await opened.settle();
      return factOf(told[0]);
    },
    explain: async (customer: string, field: string) =>
      (await operations.explainField({ ...request, subjectId: customer, query: { field }, body: undefined })).body,
  };
};
export type SeededWorld = Awaited<ReturnType<typeof openSeededWorld>>;
