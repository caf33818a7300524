import { meterIdOf } from '#functions/meters/register-meter.ts';
import { wholeArea } from '#functions/outages/rules/area-names.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { putTariff } from '#functions/reference/store/tariffs.ts';
import { putTemperatures } from '#functions/reference/store/temperatures.ts';
import type { SeedDoors, SeedPosition } from '#scripts/seed/seed-utility.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import type { FactOutcome } from '#shared/facts/fact-outcome.ts';
import { newMeterWrites, readMeter } from '#shared/profile/store/meters.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';

/** Doors that lead to the real facts and readings paths on a store in memory, and what came through them. */
export const openSeedDoors = async () => {
  const system = await openProfileSystem({ staleReads: false, start: '2000-01-01T00:00:00.000Z' });
  const metrics = new RecordedMetrics();
  const { profile, sealer, clock, store } = system;
  const readings = store.table('readings');
  const ingest = new Ingest({ profile, readings, sealer, submit: system.submit, clock, metrics });
  const results: FactOutcome[] = [];
  const outcomes: string[] = [];
  let position: SeedPosition | undefined;
  let sequence = 0;
  const doors: SeedDoors = {
    clock,
    submitFacts: async (facts) => {
      results.push(...(await system.submit(facts, { ...machine, speaksFor: sourceNamed })));
    },
    putTariff: async (tariff, at) => {
      await putTariff(profile, tariff, { at, by: 'system:seed' });
    },
    putTemperatures: async (hours) => {
      await putTemperatures(readings, wholeArea, hours);
    },
    registerMeter: async ({ serial, registers }) => {
      const id = meterIdOf(serial);
      if ((await readMeter(profile, id)) !== undefined) return id;
      await profile.commit(
        newMeterWrites({
          version: 1,
          id,
          serial,
          references: [],
          registers,
          zone: null,
          thing: id,
          certificates: [],
          installations: [],
        }),
      );
      return id;
    },
    appendBlocks: async (blocks, at) => {
      const records = blocks.map(({ meter, body }) => {
        sequence += 1;
        return { sequenceNumber: String(sequence), thing: meter, data: body, arrivedAt: Date.parse(at) / 1000 };
      });
      for (let from = 0; from < records.length; from += 500) {
        const taken = await ingest.take(records.slice(from, from + 500));
        outcomes.push(...taken.map(({ kind }) => kind));
      }
    },
    settle: system.settle,
    progress: () => {},
    position: {
      read: async () => position,
      write: async (next) => {
        position = next;
      },
    },
  };
  return { ...system, readings, doors, results, outcomes };
};
