import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer holds, and answers it; throws what was awaited, and the last answer, once the time is over. */
export const eventually = async <Value>(
  what: string,
  patienceMs: number,
  ask: () => Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end)
      throw new Error(`waited in vain: ${what}; last seen: ${JSON.stringify(value)?.slice(0, 600)}`);
    await sleep(100);
  }
};
