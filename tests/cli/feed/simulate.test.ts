import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '#tests/cli/far-end.ts';
import { type BrokerUnderTest, startTestBroker } from '#tests/support/meters/device-broker.ts';
import { FeedEnd } from './feed-end.ts';

let under: BrokerUnderTest;
let end: FeedEnd;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-simulate-'));
  under = await startTestBroker();
  end = new FeedEnd(under);
  await end.start();
});
afterEach(async () => {
  await end.stop();
  await under.close();
  await rm(folder, { recursive: true });
});
const simulate = (...more: string[]) => run(['simulate', '--data', folder, '--url', end.url, ...more]);
const quick = ['--meters', '3', '--speed', '1800x', '--for', '30m'];

describe('rotunda simulate', () => {
  it('makes its meters once and accounts for every acknowledged interval, with all faults', async () => {
    const first = await simulate(...quick, '--faults', 'dup,late,reorder,skew', '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out.at(-1) ?? '')).toMatchObject({ meters: 3, lost: 0 });
    const second = await simulate(...quick, '--codec', 'binary');
    expect(second.out.at(-1)).toMatch(/^\d+ messages sent, \d+ acknowledged in .* \d+ intervals, \d+ stored, 0 lost$/);
    expect([end.registrations, end.factTypes.length]).toEqual([3, 21]);
  });

  it('fails where an acknowledged interval is not stored', async () => {
    for (let index = 0; index < 1000; index += 1) end.lost.add(index);
    const { code, out } = await simulate(...quick);
    expect([code, out.at(-1)]).toEqual([1, expect.stringMatching(/ 0 stored, [1-9]\d* lost$/)]);
  });

  it.each([
    [['--meters', '0']],
    [['--speed', 'fast']],
    [['--for', '1m']],
    [['--faults', 'dup,gremlins']],
    [['--codec', 'cbor']],
  ])('with %j is wrong use', async (options) => {
    expect((await simulate(...options)).code).toBe(2);
  });
});
