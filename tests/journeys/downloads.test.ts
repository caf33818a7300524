import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '#cli/main.ts';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { arrived } from '#tests/support/meters/telemetry.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type SmallWorld } from '#tests/support/small-world.ts';
import { hear } from '#tests/support/source-events.ts';

/** The readings of a home, taken as files by those whose they are, through the whole system of this machine. */

let system: RunningSystem;
let world: SmallWorld;
let yesterday: string;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
  yesterday = addDays(system.served.system.today(), -1);
  const start = startOfDate('Europe/London', yesterday);
  const values = Array.from({ length: 40 }, (_, index) => 100 + index);
  const outcomes = await system.served.system.ingest.take(
    [world.amara.meter, world.carl.meter].map((meter) =>
      arrived({ v: 1, meter, register: '1', start, interval: 1800, values, seq: 1, revision: 0 }),
    ),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored']);
});
afterAll(() => system.stop());

const path = (point: string) => `/v1/service-points/${point}/green-button`;

it('a customer downloads the readings of their own home, and nothing is there of another', async () => {
  const as = { customer: world.amara.customer };
  const own = await system.must({ path: path(world.amara.servicePoint), as });
  expect(own.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  expect(own.headers.get('content-disposition')).toMatch(
    new RegExp(`^attachment; filename="green-button-${world.amara.servicePoint}-[0-9-]+-to-[0-9-]+\\.xml"$`),
  );
  const { series, errors } = await hear(readEspi([own.text]));
  expect(errors).toEqual([]);
  expect(series.map(({ count, sum }) => [count, sum])).toEqual([[40, String(40 * 100 + (40 * 39) / 2)]]);
  for (const route of ['green-button', 'usage-file?format=csv']) {
    const other = await system.ask({ path: `/v1/service-points/${world.carl.servicePoint}/${route}`, as });
    expect([other.status, other.json.code]).toEqual([404, 'not-found']);
  }
  const [entry] = await system.entriesOf(world.amara.servicePoint, own.requestId);
  expect(entry).toMatchObject({ act: 'usage.download', outcome: 'allowed', fields: ['usage'] });
});

it('one who came into the account sees its home as the holder does; staff in the field take no file', async () => {
  const joint = await system.ask({ path: path(world.amara.servicePoint), as: { customer: world.ben } });
  expect(joint.status).toBe(200);
  const field = await system.ask({
    path: path(world.amara.servicePoint),
    as: { role: 'field' },
    headers: { 'rotunda-purpose': 'service' },
  });
  expect([field.status, field.json.code]).toEqual([403, 'access.denied']);
});

it('what the format cannot say is a problem that names what to do', async () => {
  const asked = `/v1/service-points/${world.amara.servicePoint}/usage-file?format=nem12`;
  const answer = await system.ask({ path: asked, as: { role: 'agent' } });
  expect([answer.status, answer.json.code, answer.json.reason]).toEqual([422, 'usage-file.not-writable', 'wrong-name']);
  expect(answer.json.type).toBe('/docs/problems/usage-file.not-writable');
  expect(answer.headers.get('content-disposition')).toBeNull();
});

it('the command line writes the file that the route gives, and import reads it again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-export-'));
  const file = join(folder, 'usage.xml');
  const lines: string[] = [];
  const terminal = { out: (line: string) => void lines.push(line), note: () => {}, input: async () => '', width: 100 };
  try {
    const ended = ['export', `mpan:amara`, '--format', 'green-button', '--out', file, '--url', system.url];
    expect(await main(ended, terminal)).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml[\s\S]*<\/feed>\n$/);
    expect(await main(['import', file, '--format', 'espi', '--dry-run', '--json'], terminal)).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ series: [{ count: 40, unit: 'Wh' }], errors: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
