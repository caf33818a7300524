import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '#tests/support/api-client.ts';
import { type StartedSystem, startSystem } from '#tests/support/started-system.ts';
import { GoldenPaths, p95, type Ran } from './golden-paths.ts';

/** Times each golden path runs, and milliseconds within which 95 of 100 are seen. */
const [times, goal] = [100, 1000];

const told = (path: string, env: string, { milliseconds, reads }: Ran): void => {
  const ordered = milliseconds.toSorted((a, b) => a - b);
  const median = ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
  process.stdout.write(
    `${path} (stale reads ${env}): ${milliseconds.length} seen by every holder, median ${Math.round(median)} ms, p95 ${Math.round(p95(milliseconds))} ms (goal ${goal} ms), at most ${Math.max(...reads)} reads\n`,
  );
};

describe.each(['1', '0'])('on the started system, with ROTUNDA_TEST_STALE_READS=%s', (env) => {
  let started: StartedSystem;
  let paths: GoldenPaths;
  beforeAll(async () => {
    started = await startSystem({ ROTUNDA_TEST_STALE_READS: env });
    paths = await GoldenPaths.open(new ApiClient(started.url));
  });
  afterAll(async () => {
    expect(await started.stop()).toBe(0);
  });

  it('100 payments by the bus are seen by every holder of the account, 95 of them within a second', async () => {
    const ran = await paths.payments(times);
    told('payment by the bus', env, ran);
    expect(ran.milliseconds).toHaveLength(times);
    expect(p95(ran.milliseconds)).toBeLessThanOrEqual(goal);
  });

  it('100 outages by the API stand in the next view of every holder, 95 of them within a second', async () => {
    const ran = await paths.outages(times);
    told('outage by the API', env, ran);
    expect(ran.reads).toEqual(Array(times).fill(1));
    expect(p95(ran.milliseconds)).toBeLessThanOrEqual(goal);
  });

  it('100 changes of an e-mail address by the API stand in the next view, 95 of them within a second', async () => {
    const ran = await paths.emails(times);
    told('change of e-mail by the API', env, ran);
    expect(ran.reads).toEqual(Array(times).fill(1));
    expect(p95(ran.milliseconds)).toBeLessThanOrEqual(goal);
  });
});
