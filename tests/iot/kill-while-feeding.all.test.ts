import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { seededRandom } from '#cli/feed/send-order.ts';
import { run } from '#tests/cli/far-end.ts';
import { until } from '#tests/support/recorders.ts';

/** The whole system in a process of its own, killed and started again while meters send. */

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let child: ChildProcess | undefined;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-kill-'));
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const start = async (data: string, port: number, mqttPort: number): Promise<void> => {
  const flags = [
    '--no-seed',
    '--no-meters',
    '--json',
    '--data',
    data,
    '--port',
    `${port}`,
    '--mqtt-port',
    `${mqttPort}`,
  ];
  const started = spawn(process.execPath, [inject('builtStart'), ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child = started;
  await new Promise<void>((resolve, reject) => {
    let said = '';
    started.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('"ready"')) resolve();
    });
    started.once('exit', (code) => reject(new Error(`the system ended with ${code}: ${said}`)));
  });
};
const kill = async (): Promise<void> => {
  const gone = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
  child?.kill('SIGKILL');
  await gone;
};

/** Four meters, 200 days of half-hours each; and a file with the first interval of each. */
const filesOfMeters = async (): Promise<{ readonly whole: string; readonly first: string }> => {
  const random = seededRandom(11);
  const rows = ['meter,at,kwh'];
  for (const meter of ['K1', 'K2', 'K3', 'K4'])
    for (let index = 0; index < 200 * 48; index += 1) {
      if (random() < 0.01) continue;
      const at = new Date(Date.UTC(2024, 0, 1) + index * 1_800_000).toISOString();
      rows.push(`${meter},${at},${Math.floor(random() * 2000) / 1000}`);
    }
  const [whole, first] = [join(folder, 'whole.csv'), join(folder, 'first.csv')];
  await writeFile(whole, rows.join('\n'));
  const firstRows = ['K1', 'K2', 'K3', 'K4'].map((meter) => rows.find((row) => row.startsWith(meter)));
  await writeFile(first, [rows[0], ...firstRows].join('\n'));
  return { whole, first };
};

it('loses nothing that was acknowledged and doubles nothing when the system is killed five times while meters send', async () => {
  const { whole, first } = await filesOfMeters();
  const columns = [
    '--meter-column',
    'meter',
    '--time-column',
    'at',
    '--value-column',
    'kwh',
    '--unit',
    'kWh',
    '--zone',
    'UTC',
  ];
  const digestOf = async (port: number): Promise<string> => {
    const { code, out } = await run(['ops', 'digest', '--table', 'readings', '--url', `http://127.0.0.1:${port}`]);
    expect(code).toBe(0);
    return out[0] ?? '';
  };
  const feed = (file: string, data: string, port: number, ...more: string[]) =>
    run(['feed', file, ...columns, '--data', data, '--url', `http://127.0.0.1:${port}`, '--json', ...more]);

  const [port, mqttPort] = [await freePort(), await freePort()];
  const calm = join(folder, 'calm');
  await start(calm, port, mqttPort);
  expect((await feed(whole, calm, port, '--create-missing')).code).toBe(0);
  const undisturbed = await digestOf(port);
  await kill();

  const rough = join(folder, 'rough');
  await start(rough, port, mqttPort);
  // The meters are made known first, so that the kills fall into sending.
  expect((await feed(first, rough, port, '--create-missing', '--interval', '30m')).code).toBe(0);
  const atFirst = await digestOf(port);
  const random = seededRandom(Number(process.env.ROTUNDA_KILL_SEED ?? 3));
  let ended = false;
  const fed = feed(whole, rough, port, '--order', 'shuffled', '--duplicate', '0.5').finally(() => {
    ended = true;
  });
  await until('the first days', async () => ended || (await digestOf(port)) !== atFirst);
  let kills = 0;
  while (!ended && kills < 5) {
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    await kill();
    kills += 1;
    await start(rough, port, mqttPort);
  }
  const { code, out, notes } = await fed;
  expect(kills).toBeGreaterThan(0);
  expect({ code, notes }).toEqual({ code: 0, notes: [] });
  for (const meter of JSON.parse(out[0] ?? '').meters) expect(meter.sumStored).toBe(meter.sumSent);
  expect(await digestOf(port)).toBe(undisturbed);
});
