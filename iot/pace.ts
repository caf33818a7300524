import { setTimeout as sleepFor } from 'node:timers/promises';

/** A meter's clock: what time it is there, and waiting until a time comes. */
export interface Pace {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves at the time (at once where it is past), or when the signal ends the wait. */
  until(time: number, signal: AbortSignal): Promise<void>;
}

/** The longest timer of Node. */
const longest = 2_147_483_647;

const paceOf = (now: () => number, speed: number): Pace => ({
  now,
  until: async (time, signal) => {
    while (!signal.aborted && now() < time) {
      const wait = Math.min(Math.ceil((time - now()) / speed), longest);
      await sleepFor(wait, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  },
});

/** The time of this machine. */
export const realPace: Pace = paceOf(() => Date.now(), 1);

/** A time that begins at `start` and runs `speed` times as fast as the real one. */
export const fastPace = (start: number, speed: number): Pace => {
  const began = Date.now();
  return paceOf(() => start + (Date.now() - began) * speed, speed);
};

/** The same time, wrong by so many milliseconds. */
export const skewedPace = (pace: Pace, skew: number): Pace => ({
  now: () => pace.now() + skew,
  until: (time, signal) => pace.until(time - skew, signal),
});
