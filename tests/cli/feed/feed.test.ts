import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '#shared/messaging/certificates.ts';
import { type Run, run } from '#tests/cli/far-end.ts';
import { type BrokerUnderTest, startTestBroker } from '#tests/support/meters/device-broker.ts';
import { FeedEnd } from './feed-end.ts';

let under: BrokerUnderTest;
let end: FeedEnd;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-feed-'));
  under = await startTestBroker();
  end = new FeedEnd(under);
  await end.start();
});
afterEach(async () => {
  await end.stop();
  await under.close();
  await rm(folder, { recursive: true });
});

/** Three days of two meters, half-hourly, 0.001 kWh more each time; meter B has a gap of 10 intervals. */
const rows = Array.from({ length: 144 }, (_, index) => {
  const at = new Date(Date.parse('2012-02-10T08:00:00Z') + index * 1_800_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
  const b = index >= 50 && index < 60 ? [] : [`B/1,${at},${(index / 500).toFixed(3)}`];
  return [`A,${at},0.${String(index).padStart(3, '0')}`, ...b];
}).flat();
const sumOfA = (143 * 144) / 2;

const feed = async (text: string, ...more: string[]): Promise<Run> => {
  const path = join(folder, 'file.csv');
  await writeFile(path, text);
  const columns = ['--meter-column', 'id', '--time-column', 'at', '--value-column', 'kwh', '--unit', 'kWh'];
  return run(['feed', path, ...columns, '--data', join(folder, 'data'), '--url', end.url, ...more]);
};
const file = ['id,at,kwh', ...rows].join('\n');
const sydney = ['--utc-offset', '+10:00'];

describe('rotunda feed', () => {
  it('makes each unknown meter a service point with premise, account, customer and agreement, and sends its days', async () => {
    const { code, out } = await feed(file, ...sydney, '--create-missing', '--json');
    expect(code).toBe(0);
    const { meters, ...summary } = JSON.parse(out.at(-1) ?? '');
    expect(summary).toEqual({
      rows: 278,
      intervalSeconds: 1800,
      empty: 0,
      repeated: 0,
      differing: 0,
      rounded: 0,
      errors: [],
    });
    expect(meters).toMatchObject([
      { meter: 'A', messages: 4, intervals: 144, sumSent: sumOfA, sumStored: sumOfA, intervalsStored: 144, missing: 0 },
      { meter: 'B/1', messages: 4, intervals: 134, missing: 10, unit: 'Wh', powerOfTen: 0 },
    ]);
    expect([...end.servicePoints]).toEqual(['A', 'B/1']);
    expect(new Set(end.factTypes).size).toBe(7);
    expect(end.meters.get('A')?.registers).toEqual([
      {
        id: '1',
        commodity: 'electricity',
        flow: 'forward',
        unit: 'Wh',
        powerOfTen: 0,
        intervalSeconds: 1800,
        zone: '+10:00',
      },
    ]);
    expect(end.meters.get('A')?.installations).toEqual([{ from: '2012-02-09T22:00:00.000Z', to: null }]);
    expect(end.valuesOf('A').get(Date.parse('2012-02-10T08:30:00+10:00') / 1000)).toBe(1);
  });

  it('refuses a file of unknown meters without --create-missing, before anything is sent', async () => {
    const { code, notes } = await feed(file, ...sydney);
    expect(code).toBe(3);
    expect(notes.join('\n')).toMatch(/2 meter\(s\) of the file are not known: A, B\/1.*--create-missing/);
    expect([end.registrations, end.factTypes, under.stream.records.length]).toEqual([0, [], 0]);
  });

  it('uses keys and certificates again, and stores the same when it is shuffled with repeats', async () => {
    expect((await feed(file, ...sydney, '--create-missing')).code).toBe(0);
    const before = [end.valuesOf('A'), end.valuesOf('B/1')];
    const shuffled = ['--order', 'shuffled', '--duplicate', '0.5', '--seed', '7'];
    const { code, out } = await feed(file, ...sydney, ...shuffled);
    expect(code).toBe(0);
    expect(end.registrations).toBe(2);
    expect([end.valuesOf('A'), end.valuesOf('B/1')]).toEqual(before);
    expect(under.stream.records.length).toBeGreaterThan(16);
    expect(out[0]).toMatch(
      /^A: \d messages, 144 intervals, sent 10296 Wh, stored 10296 Wh in 144 intervals, 0 missing$/,
    );
  });

  it('keeps the keys of meters to their owner', async () => {
    await feed(file, ...sydney, '--create-missing');
    const keys = (await readdir(join(folder, 'data', 'feed'), { recursive: true })).filter((name) =>
      name.endsWith('key.pem'),
    );
    expect(keys.length).toBe(2);
    for (const key of keys) {
      const path = join(folder, 'data', 'feed', key);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toContain('PRIVATE KEY');
    }
  });

  it('gets a new certificate where the old one is taken no more', async () => {
    await feed(file, ...sydney, '--create-missing');
    for (const { id } of end.meters.values())
      for (const name of await readdir(join(folder, 'data', 'feed'))) {
        const enrolment = JSON.parse(await readFile(join(folder, 'data', 'feed', name, 'enrolment.json'), 'utf8'));
        if (enrolment.id === id) await under.registry.revoke(id, fingerprintOf(enrolment.certificatePem));
      }
    expect((await feed(file, ...sydney)).code).toBe(0);
    expect([end.registrations, end.exchanges]).toEqual([2, 2]);
  });

  it('keeps the certificate where the broker cannot be reached, says so, and goes on where it is back in time', async () => {
    await feed(file, ...sydney, '--create-missing');
    const away = createServer();
    await new Promise<void>((done) => away.listen(0, '127.0.0.1', done));
    const address = away.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    await new Promise((done) => away.close(done));
    const kept = async (change: object): Promise<void> => {
      for (const name of await readdir(join(folder, 'data', 'feed'))) {
        const path = join(folder, 'data', 'feed', name, 'enrolment.json');
        await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
      }
    };
    await kept({ port });
    const { code, notes } = await feed(file, ...sydney);
    expect(code).not.toBe(0);
    expect(notes.join('\n')).toContain(`cannot connect to 127.0.0.1:${port}`);
    expect([end.registrations, end.exchanges]).toEqual([2, 0]);
    // It hangs up on the first two connections, and then it is the broker again.
    let met = 0;
    const back = createServer((socket) => {
      met += 1;
      if (met <= 2) return void socket.destroy();
      const onward = connect(under.broker.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((done) => back.listen(port, '127.0.0.1', done));
    expect((await feed(file, ...sydney)).code).toBe(0);
    expect([end.registrations, end.exchanges]).toEqual([2, 0]);
    await new Promise((done) => back.close(done));
  });

  it('fails where less is stored than was acknowledged', async () => {
    end.lost.add(1);
    const { code, out, notes } = await feed(file, ...sydney, '--create-missing');
    expect(code).toBe(1);
    expect(out.join('\n')).toContain('NOT THE SAME');
    expect(notes.at(-1)).toContain('what is stored is not what was sent');
  });

  it('keeps every decimal in the scale of the register, and refuses to round into a coarser one', async () => {
    const fine = 'id,at,kwh\nA,2012-02-10 08:00,0.12345\nA,2012-02-10 08:30,1\n';
    const { out } = await feed(fine, ...sydney, '--create-missing');
    expect(out[0]).toContain('sent 1123.45 Wh, stored 1123.45 Wh in 2 intervals');
    expect(end.meters.get('A')?.registers[0]?.powerOfTen).toBe(-2);
    const finer = await feed(fine.replace('0.12345', '0.1234567'), ...sydney);
    expect(finer.code).toBe(1);
    expect(finer.notes.at(-1)).toContain('would round');
    expect((await feed(fine.replace('0.12345', '0.1234567'), ...sydney, '--decimals', '5')).code).toBe(0);
  });

  it('names rows it leaves out, and ends as partly done', async () => {
    const { code, notes } = await feed(`${file}\nA,2012-03-01 08:00,much\n`, ...sydney, '--create-missing');
    expect(code).toBe(4);
    expect(notes.join('\n')).toContain('line 280, column kwh: not-a-number; left out');
  });

  it('refuses a known meter that measures otherwise, or that was installed later than the file begins', async () => {
    await feed(file, ...sydney, '--create-missing');
    const hourly = await feed('id,at,kwh\nA,2012-02-12 00:00,1\nA,2012-02-12 01:00,1\n', ...sydney);
    expect([hourly.code, hourly.notes.at(-1)]).toEqual([3, expect.stringContaining('Wh every 1800 s')]);
    const earlier = await feed('id,at,kwh\nA,2012-01-01 00:00,1\nA,2012-01-01 00:30,1\n', ...sydney);
    expect([earlier.code, earlier.notes.at(-1)]).toEqual([3, expect.stringContaining('installed from')]);
  });

  it.each([
    [['--utc-offset', '+10:00', '--zone', 'Australia/Sydney']],
    [[]],
    [['--zone', 'Mars/Olympus']],
    [['--utc-offset', '+10:00', '--duplicate', '2']],
    [['--utc-offset', '+10:00', '--interval', '5s']],
    [['--utc-offset', '+10:00', '--order', 'random']],
    [['--utc-offset', '+10:00', '--codec', 'cbor']],
    [['--utc-offset', '+10:00', '--meter-column', 'nmi']],
  ])('with %j is wrong use', async (options) => {
    expect((await feed(file, ...options)).code).toBe(2);
    expect(end.registrations).toBe(0);
  });
});
