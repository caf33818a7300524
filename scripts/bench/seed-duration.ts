import type { Measurement } from './measurement.ts';
import { startSeeded } from './running-system.ts';

/** How long the seeded utility takes; reported only. */
export const seedDuration: Measurement = {
  name: 'seed',
  title: 'The seeded utility, through the real handlers',
  measure: async () => {
    const before = process.cpuUsage();
    const { served, seeded, seconds } = await startSeeded({ customers: 500, months: 13 });
    const { user, system } = process.cpuUsage(before);
    const { rss } = process.memoryUsage();
    await served.stop();
    return [
      {
        name: 'seed',
        what: '500 customers, 13 months: start until the API is open',
        value: seconds,
        unit: 's',
        beside: [
          { what: 'processor time of it', value: (user + system) / 1_000_000, unit: 's' },
          { what: 'facts', value: seeded.facts, unit: 'facts' },
          { what: 'meters', value: seeded.meters, unit: 'meters' },
          { what: 'meter days', value: seeded.blocks, unit: 'blocks' },
          { what: 'facts and meter days together', value: (seeded.facts + seeded.blocks) / seconds, unit: 'a second' },
          {
            what: 'memory of this process after it, earlier measurements included',
            value: rss / 1024 ** 2,
            unit: 'MB',
          },
        ],
        notCounted:
          'the disk (this run keeps all in memory), start of Node and loading of the program, the live meters',
      },
    ];
  },
};
