import { factsFromQueue } from '#functions/facts/events.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { wholeArea } from '#functions/outages/rules/area-names.ts';
import { putTariff } from '#functions/reference/store/tariffs.ts';
import { putTemperatures } from '#functions/reference/store/temperatures.ts';
import type { StoryOptions } from '#scripts/seed/calendar.ts';
import { type SeedDoors, SeedPosition, type SeedReport, seedUtility } from '#scripts/seed/seed-utility.ts';
import { ownSource } from '#shared/contracts/facts/sources.ts';
import { doorOf } from '#shared/facts/door-audit.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { BusEnvelope } from '#shared/messaging/local/local-bus.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { failPoints } from './fail-points.ts';
import { queueEventOf } from './queue-event.ts';
import type { SwitchClock } from './switch-clock.ts';
import type { LocalSystem } from './system.ts';

const positionName = 'seed';

type Fact = Parameters<SeedDoors['submitFacts']>[0][number];

/** Merges, pins and what else people of the house decide come in as the house's own word, by no other system. */
const seedSender: Sender = { actor: 'system:seed', speaksFor: ownSource, supervisor: false };

/** An event as the inbound bus would hand it to the facts queue. */
const envelopeOf = (fact: Fact, at: string): BusEnvelope => ({
  version: '0',
  id: `seed-${fact.source.system}-${fact.sourceEventId}`,
  'detail-type': fact.type,
  source: fact.source.system,
  account: '000000000000',
  time: at,
  region: 'local',
  resources: [],
  detail: fact,
});

/** Rejects when the seed is to stop; without a signal it never does. */
const stopOf = (stopping: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    stopping?.addEventListener('abort', () => reject(stopping.reason), { once: true });
  });

/**
 * The doors by which the seeded utility comes in: the handlers of the inbound queue, of meters and of the telemetry stream. They
 * are closed when the system is to stop; the next start goes on from the position that is kept.
 */
export const seedDoors = (
  system: LocalSystem,
  clock: SwitchClock,
  progress: SeedDoors['progress'],
  stopping?: AbortSignal,
): SeedDoors => {
  const stopped = stopOf(stopping);
  stopped.catch(() => {});
  const profile = system.store.table('profile');
  const takeAll = async (facts: readonly Fact[], at: string): Promise<number> => {
    let refused = 0;
    const isOwn = ({ source }: Fact): boolean => source.system === ownSystem;
    const submit: SubmitFacts = async (raws, sender, options) => {
      const results = await system.submit(raws, sender, options);
      refused += results.filter((result) => !isKept(result)).length;
      return results;
    };
    const take = factsFromQueue({ profile, sealer: system.sealer, submit, clock, metrics: system.metrics });
    // Facts of a batch name nothing of each other, so those that people of this house said may follow.
    const said = facts.filter((fact) => !isOwn(fact));
    if (said.length > 0) await take(queueEventOf(said.map((fact) => envelopeOf(fact, at))));
    await submit(facts.filter(isOwn), seedSender, { door: doorOf('seed', seedSender.actor, 'seed') });
    return refused;
  };
  return {
    submitFacts: async (facts, at) => {
      stopping?.throwIfAborted();
      const refused = await takeAll(facts, at);
      if (refused > 0) throw new Error(`${refused} facts of the seeded utility were not kept`);
    },
    putTariff: async (tariff, at) => {
      stopping?.throwIfAborted();
      await putTariff(profile, tariff, { at, by: 'system:seed' });
    },
    putTemperatures: async (hours) => {
      stopping?.throwIfAborted();
      await putTemperatures(system.store.table('readings'), wholeArea, hours);
    },
    registerMeter: async (meter) => {
      stopping?.throwIfAborted();
      return registerHeadEndMeter(profile, meter);
    },
    appendBlocks: async (blocks) => {
      stopping?.throwIfAborted();
      await system.appendTelemetry(blocks.map(({ meter, body }) => ({ partitionKey: meter, data: body })));
    },
    settle: async () => {
      if (!(await Promise.race([system.drainPrompt(), stopped])))
        throw new Error('the system did not come to rest while it was seeded');
    },
    clock: clock.story,
    progress,
    position: {
      read: async () => {
        const kept = await system.store.positions.get(positionName, 0);
        return kept === undefined ? undefined : SeedPosition.parse(JSON.parse(kept));
      },
      write: failPoints.before('seed.kept', (position) =>
        system.store.positions.set(positionName, 0, JSON.stringify(position)),
      ),
    },
  };
};

/** Seeds a system on the story's clock and hands it back to the machine's. Rejects with the signal's reason when stopped. */
export const seedThrough = async (
  system: LocalSystem,
  clock: SwitchClock,
  asked: Partial<StoryOptions>,
  defaults: StoryOptions,
  progress: SeedDoors['progress'],
  stopping?: AbortSignal,
): Promise<SeedReport> => {
  clock.tellStory();
  try {
    return await seedUtility(seedDoors(system, clock, progress, stopping), asked, defaults);
  } finally {
    clock.live();
  }
};
