import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ApiClient, Asker } from '#tests/support/api-client.ts';

const Import = z.object({
  id: z.string(),
  state: z.string(),
  run: z.number(),
  counts: z.object({ read: z.number(), sent: z.number(), aside: z.number(), errors: z.number() }),
  upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }).optional(),
});
export type Import = z.infer<typeof Import>;
const Errors = z.object({ data: z.array(z.object({ line: z.number(), code: z.string() })) });

const as: Asker = { client: 'head-end' };

/** A file of half-hours, one line each, and how it is laid out. */
const mapping = {
  name: 'portal',
  namespace: 'mpan',
  reference: { column: 'point' },
  unit: { constant: 'Wh' },
  time: { columns: ['at'], format: 'YYYY-MM-DD HH:mm', zone: 'Europe/London', interval: 1800 },
  layout: { kind: 'long', values: [{ column: 'use' }] },
};
const clock = (index: number): string =>
  `${String(Math.floor(index / 2)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`;

/** Days of 48 half-hours of a point; the first line is the header. */
export const halfHourFile = (
  point: string,
  dates: readonly string[],
  cellAt: (day: number, index: number) => string,
): Buffer => {
  const lines = dates.flatMap((date, day) =>
    Array.from({ length: 48 }, (_, index) => `${point},${date} ${clock(index)},${cellAt(day, index)}`),
  );
  return Buffer.from(['point,at,use', ...lines, ''].join('\n'));
};

/** Asks for the import of such a file. */
export const askImport = async (api: ApiClient, file: Buffer, createMissing: boolean): Promise<Import> => {
  const sha256 = createHash('sha256').update(file).digest('hex');
  const json = { format: 'csv', mapping, createMissing, bytes: file.byteLength, sha256 };
  return Import.parse((await api.must({ method: 'POST', path: '/v1/imports', as, json })).json);
};

/** Puts the file where the answer said, as anybody can who has the address. */
export const putFile = async ({ upload }: Import, file: Buffer): Promise<void> => {
  assert.ok(upload, 'nowhere to put the file');
  const answer = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: new Uint8Array(file) });
  assert.equal(answer.status, 200, await answer.text());
};

export const lookAtImport = async (api: ApiClient, id: string): Promise<Import> =>
  Import.parse((await api.must({ path: `/v1/imports/${id}`, as })).json);

export const errorsOfImport = async (api: ApiClient, id: string) =>
  Errors.parse((await api.must({ path: `/v1/imports/${id}/errors?limit=100`, as })).json).data;

export const askUndo = async (api: ApiClient, id: string): Promise<Import> =>
  Import.parse(
    (await api.must({ method: 'POST', path: `/v1/imports/${id}/undo`, as, json: { reason: 'Sent by mistake.' } })).json,
  );
