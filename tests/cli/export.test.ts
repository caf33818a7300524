import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FarEnd, run } from './far-end.ts';

const point = 'svp_0123456789ABCDEFGHJKMNPQRS';
const text = '\ufeffstart,value\r\n2026-05-01,1\r\n';

let far: FarEnd;
let folder: string;
beforeEach(async () => {
  far = new FarEnd();
  await far.start();
  folder = mkdtempSync(join(tmpdir(), 'rotunda-export-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await far.stop();
});

const rotunda = (...args: readonly string[]) => run(['export', ...args, '--url', far.url]);
const aFile = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="usage.csv"' });
  response.end(text);
};
const csvRoute = `/v1/service-points/${point}/usage-file`;

it('writes the file byte by byte, its first character too', async () => {
  far.answer(`GET ${csvRoute}`, aFile);
  const out = join(folder, 'usage.csv');
  const ended = await rotunda(point, '--format', 'csv', '--out', out);
  expect(ended).toEqual({ code: 0, out: [`${out}: ${Buffer.byteLength(text)} bytes written`], notes: [] });
  expect(readFileSync(out)).toEqual(Buffer.from(text));
  expect(far.seen.at(-1)).toMatchObject({ authorization: 'Bearer token-for-agent', purpose: 'service' });
  const { out: json } = await rotunda(point, '--format', 'csv', '--out', out, '--json');
  expect(JSON.parse(json[0] ?? '')).toEqual({ name: 'usage.csv', bytes: Buffer.byteLength(text), file: out });
});

it('prints the file where none is named', async () => {
  far.answer(`GET ${csvRoute}`, aFile);
  expect(await rotunda(point, '--format', 'csv')).toEqual({
    code: 0,
    out: ['\ufeffstart,value\r\n2026-05-01,1'],
    notes: [],
  });
  const { out } = await rotunda(point, '--format', 'csv', '--json');
  expect(JSON.parse(out[0] ?? '')).toEqual({ name: 'usage.csv', bytes: Buffer.byteLength(text), text });
});

it.each([
  [['--format', 'green-button'], `/v1/service-points/${point}/green-button`],
  [
    ['--format', 'green-button', '--from', '2026-01-01', '--to', '2026-02-01T00:00:00+01:00'],
    `/v1/service-points/${point}/green-button?from=2026-01-01&to=2026-02-01T00%3A00%3A00%2B01%3A00`,
  ],
  [['--format', 'nem12', '--register', 'E1'], `${csvRoute}?format=nem12&register=E1`],
])('%j asks the route of the format for the range and the register', async (options, path) => {
  far.answer(`GET ${path.split('?')[0]}`, aFile);
  expect((await rotunda(point, ...options)).code).toBe(0);
  expect(far.seen.at(-1)?.path).toBe(path);
});

it('takes a reference for the point', async () => {
  far.answer('GET /v1/service-points/nmi%3A6102345678/green-button', aFile);
  expect((await rotunda('nmi:6102345678', '--format', 'green-button')).code).toBe(0);
});

it.each([
  [403, 'access.denied', 3],
  [422, 'usage-file.too-large', 1],
])('writes nothing where the answer is %i, says why, and ends with its code', async (status, code, exit) => {
  far.answer(`GET ${csvRoute}`, { status, body: { title: 'No', detail: 'ask for at most 80 days', code } });
  const out = join(folder, 'usage.csv');
  const ended = await rotunda(point, '--format', 'csv', '--out', out);
  expect([ended.code, ended.out]).toEqual([exit, []]);
  expect(ended.notes.join()).toContain(`${status} ${code}: No; ask for at most 80 days`);
  expect(() => readFileSync(out)).toThrow(/ENOENT/);
});

it.each([[[]], [['--format', 'pdf']]])('with %j is wrong use', async (options) => {
  expect((await rotunda(point, ...options)).code).toBe(2);
  expect(far.seen).toEqual([]);
});
