import { sealChanges } from '#functions/audit/seal.ts';
import { followProfile } from '#functions/follow/stream.ts';
import { followReadings, followSupply } from '#functions/usage/follow-readings.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import type { Change, Table } from '#shared/table/table.ts';
import { WalkedChanges } from '#tests/support/walked-changes.ts';
import type { UtilityOnDynamo } from './utility-on-dynamo.ts';

/**
 * The consumers of the tables' changes. What changed is read by `calm` tables, which do not fail, in place of the stream; what the
 * consumers do goes through the tables that do, and a batch that fails is handed out again whole.
 */
export const openFollowers = (system: UtilityOnDynamo, calm: (name: 'profile' | 'readings' | 'audit') => Table) => {
  const profile = system.table('profile');
  const audit = system.table('audit');
  const recompute = new UsageRecompute({ profile, readings: system.table('readings'), metrics: system.metrics });
  const follow = followProfile({ ...system, profile, country: 'GB' });
  const changes = {
    profile: new WalkedChanges(calm('profile')),
    readings: new WalkedChanges(calm('readings')),
    audit: new WalkedChanges(calm('audit')),
  };
  let again = 0;

  const deliver = async (
    batch: readonly Change[],
    size: number,
    take: (part: readonly Change[]) => Promise<void>,
  ): Promise<void> => {
    for (let from = 0; from < batch.length; from += size) {
      const part = batch.slice(from, from + size);
      for (let tried = 0; ; tried += 1) {
        try {
          await take(part);
          break;
        } catch (cause) {
          if (tried > 200) throw cause;
          again += 1;
        }
      }
    }
  };

  /** Works off what changed so far; answers whether there was anything. */
  const pass = async (): Promise<boolean> => {
    const news = {
      profile: await changes.profile.next(),
      readings: await changes.readings.next(),
      audit: await changes.audit.next(),
    };
    await Promise.all([
      deliver(news.profile, 10, async (part) => {
        const { failed, cause } = await follow(part);
        if (failed !== undefined) throw cause;
      }).then(() => deliver(news.profile, 20, (part) => followSupply(recompute, part))),
      deliver(news.readings, 20, (part) => followReadings({ profile, recompute }, part)),
      deliver(news.audit, 60, (part) => sealChanges({ audit, metrics: system.metrics }, part)),
    ]);
    return Object.values(news).some((some) => some.length > 0);
  };
  /** Works off what changed, and what that changed, until nothing does any more. */
  const catchUp = async (): Promise<void> => {
    for (let moved = true; moved; ) moved = await pass();
  };
  /** How many batches were handed out again so far. */
  return { pass, catchUp, recompute, again: () => again };
};
export type Followers = ReturnType<typeof openFollowers>;
