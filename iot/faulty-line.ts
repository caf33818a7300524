import type { Line } from './meter.ts';
import type { Pace } from './pace.ts';

/** What a network and a cheap meter do to messages: sent twice, held back, overtaken. `skew` is the clock's, see `fleet.ts`. */
export const faults = ['dup', 'late', 'reorder', 'skew'] as const;
export type Fault = (typeof faults)[number];

/** Shares of the messages that each fault meets. */
const shares = { dup: 0.1, late: 0.1, reorder: 0.2 } as const;
/** A late message is held back up to this long, in the meter's time. */
const latestMs = 15 * 60_000;

/** A line with faults. A message resolves when it is acknowledged, as on the line below. */
export const faultyLine = (
  line: Line,
  wanted: ReadonlySet<Fault>,
  pace: Pace,
  random: () => number,
  signal: AbortSignal,
): Line => {
  const meets = (fault: keyof typeof shares): boolean => wanted.has(fault) && random() < shares[fault];
  let overtaken: (() => void) | undefined;
  /** Resolves when the next message has gone out, or after a while. */
  const waitForNext = async (): Promise<void> => {
    const next = new Promise<void>((resolve) => {
      overtaken = resolve;
    });
    await Promise.race([next, pace.until(pace.now() + latestMs, signal)]);
  };
  return {
    publish: async (topic, payload) => {
      const [twice, late, swapped] = [meets('dup'), meets('late'), meets('reorder')];
      if (late) await pace.until(pace.now() + random() * latestMs, signal);
      if (swapped && overtaken === undefined) await waitForNext();
      const sent = line.publish(topic, payload);
      const release = overtaken;
      overtaken = undefined;
      release?.();
      await sent;
      if (twice) await line.publish(topic, payload);
    },
  };
};
