import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningSystem } from '#tests/support/running-system.ts';
import { GoldenPaths } from './golden-paths.ts';

const times = 15;

describe.each([
  ['with eventual reads that lag one commit behind', true],
  ['with reads as they come', false],
])('%s', (_title, staleReads) => {
  let system: RunningSystem;
  let paths: GoldenPaths;
  beforeAll(async () => {
    system = await RunningSystem.start({ staleReads });
    paths = await GoldenPaths.open(system);
  });
  afterAll(() => system.stop());

  it('a payment from the billing system reaches the view of everybody who holds the account', async () => {
    expect((await paths.payments(times)).reads).toHaveLength(times);
  });

  it('an outage that was reported stands in the very next view of everybody who holds the account', async () => {
    expect((await paths.outages(times)).reads).toEqual(Array(times).fill(1));
  });

  it('an e-mail address that was changed stands in the very next view of the customer', async () => {
    expect((await paths.emails(times)).reads).toEqual(Array(times).fill(1));
  });
});
