import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '#tests/support/api-client.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { type StartedSystem, startSystem } from '#tests/support/started-system.ts';
import { GoldenPaths } from './golden-paths.ts';

/** Times each golden path runs. How long it takes until all see what was done, `npm run bench` measures. */
const times = drawn(30, 100);

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

  it(`${times} payments by the bus are seen by every holder of the account`, async () => {
    expect((await paths.payments(times)).reads).toHaveLength(times);
  });

  it(`${times} outages by the API stand in the next view of every holder`, async () => {
    expect((await paths.outages(times)).reads).toEqual(Array(times).fill(1));
  });

  it(`${times} changes of an e-mail address by the API stand in the next view`, async () => {
    expect((await paths.emails(times)).reads).toEqual(Array(times).fill(1));
  });
});
