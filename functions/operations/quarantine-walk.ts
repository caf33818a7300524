import * as z from 'zod';
import { listQuarantine, type QuarantineEntry, quarantineQueue, waitingQueue } from '#shared/facts/quarantine.ts';
import type { Table } from '#shared/table/table.ts';
import type { IsOver } from './step.ts';

const queues = [quarantineQueue, waitingQueue] as const;
const pageEntries = 500;

/** Where a walk over all that is kept aside stands: the queue, and the entry behind which it goes on. */
export const WalkPlace = z.strictObject({ queue: z.int().min(0), after: z.string().optional() });
export type WalkPlace = z.infer<typeof WalkPlace>;

export const walkStart: WalkPlace = { queue: 0 };

/**
 * Hands over every entry, those in quarantine first, then those that wait, each queue from its oldest on. Answers where the next
 * step goes on, undefined where all were seen.
 */
export const walkQuarantine = async (
  profile: Table,
  from: WalkPlace,
  isOver: IsOver,
  see: (entry: QuarantineEntry) => Promise<void> | void,
): Promise<WalkPlace | undefined> => {
  let place = from;
  for (let queue = queues[place.queue]; queue !== undefined; queue = queues[place.queue]) {
    const page = await listQuarantine(profile, { limit: pageEntries, after: place.after, queue });
    for (const entry of page.entries) {
      await see(entry);
      place = { queue: place.queue, after: `${entry.receivedAt}#${entry.id}` };
      if (isOver()) return place;
    }
    place = page.next === undefined ? { queue: place.queue + 1 } : { queue: place.queue, after: page.next };
  }
  return undefined;
};
