import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ApiClient } from '#tests/support/api-client.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { RealProcess, type StartOptions } from './real-process.ts';
import { digestsOf } from './soundness.ts';

const flags = ['--no-seed', '--no-meters'];
const as = { client: 'head-end' };
/** Several chunks: more days than one holds. */
const [homes, days] = [drawn(4, 10), 270];
const file = nem12(
  Array.from({ length: homes }, (_, home) => ({
    nmi: `610200000${home}`,
    suffix: 'E1',
    days: Array.from({ length: days }, (_, day) => ({
      date: new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', ''),
      values: sameAllDay(0).map((_, slot) => ((slot * 7 + home + day) % 97) / 100),
    })),
  })),
);
const Begun = z.object({ id: z.string(), state: z.string(), upload: z.object({ url: z.string() }).optional() });

let folder: string;
const processes = new Set<RealProcess>();

const start = async (name: string, more: Partial<StartOptions> = {}) => {
  const process = new RealProcess({ folder: join(folder, name), flags, ...more });
  processes.add(process);
  const doors = await process.ready();
  if (doors === undefined) throw new Error('it was killed before it was ready');
  return { process, client: new ApiClient(doors.url) };
};

const begin = async (client: ApiClient) => {
  const bytes = Buffer.from(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const json = { format: 'nem12', createMissing: true, bytes: bytes.byteLength, sha256 };
  return Begun.parse((await client.must({ method: 'POST', path: '/v1/imports', as, json })).json);
};

/** Hands the file in; the system may be killed before it answers. */
const handIn = async (client: ApiClient): Promise<string> => {
  const { id, upload } = await begin(client);
  if (upload !== undefined) await fetch(upload.url, { method: 'PUT', body: file }).catch(() => undefined);
  return id;
};

const ended = async (client: ApiClient, id: string) => {
  for (;;) {
    const { json } = await client.must({ path: `/v1/imports/${id}`, as });
    if (['done', 'failed', 'undone'].includes(String(json.state))) return { state: json.state, counts: json.counts };
    await sleep(50);
  }
};

const stored = async (client: ApiClient) => (await digestsOf(client)).readings;

/** Where the first life ends: as a rule at the first two, since the kills of `import-through-kills` fall into sending. */
const points = (
  ['imports.planned:2', 'ingest.put:2', `imports.sent:${homes * 150}`, 'imports.planned:1', 'imports.sent:1'] as const
).slice(0, drawn(2, 5));

let calm: { readonly readings: unknown; readonly ended: unknown };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-import-kills-'));
  const { process, client } = await start('calm');
  const id = await handIn(client);
  calm = { ended: await ended(client, id), readings: await stored(client) };
  await process.stop();
}, 120_000);
afterAll(async () => {
  await Promise.all([...processes].filter(({ gone }) => !gone).map((process) => process.kill()));
  await rm(folder, { recursive: true, force: true });
});

describe('an import whose system is killed', () => {
  it('had several chunks and all of the file', () => {
    const intervals = homes * days * 48;
    expect(calm.ended).toMatchObject({
      state: 'done',
      counts: { read: intervals, sent: intervals, unchanged: 0, aside: 0, missing: 0, blocks: homes * days, errors: 0 },
    });
  });

  it.each(points)(
    'at %s goes on by itself once the system is back, and ends as one that was not',
    async (failPoint) => {
      const name = failPoint.replace(/\W/g, '-');
      const first = await start(name, { failPoint });
      const id = await handIn(first.client);
      expect((await first.process.ended).signal).toBe('SIGKILL');
      const second = await start(name);
      expect(await ended(second.client, id)).toEqual(calm.ended);
      expect(await stored(second.client)).toEqual(calm.readings);
      await second.client.must({
        method: 'POST',
        path: `/v1/imports/${id}/undo`,
        as,
        json: { reason: 'Wrong file.' },
      });
      expect(await ended(second.client, id)).toMatchObject({ state: 'undone' });
      expect((await digestsOf(second.client)).intervals).toBe(0);
      await second.process.stop();
    },
    300_000,
  );
});
