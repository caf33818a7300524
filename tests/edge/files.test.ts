import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { fieldView } from '#shared/access/decide.ts';
import { fileBytes, mostFileBytes } from '#shared/contracts/api/common.ts';
import { openApiDocument } from '#shared/contracts/api/openapi.ts';
import { fileLeaving, leave } from '#shared/edge/answer.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { ApiStand, tokenOf } from './api-stand.ts';
import { ids } from './api-world.ts';

let stand: ApiStand;
let agent: string;
beforeEach(async () => {
  stand = await ApiStand.open();
  agent = await tokenOf('agent');
});
afterEach(() => stand.close());

const url = `/v1/service-points/${ids.own.servicePoint}/green-button`;
const file = { name: 'usage.xml', type: 'application/atom+xml', text: '<feed>\u00e9 "</feed>\n' };

describe('a route that gives a file', () => {
  it('answers with its text, type and name, to be kept and run by nobody', async () => {
    stand.replace('downloadGreenButton', async () => ({ body: file }));
    const { status, headers, text } = await stand.ask({
      url,
      token: agent,
      headers: ['origin', 'https://console.example'],
    });
    expect([status, text]).toEqual([200, file.text]);
    expect(headers).toMatchObject({
      'content-type': 'application/atom+xml; charset=utf-8',
      'content-disposition': 'attachment; filename="usage.xml"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers['access-control-expose-headers']).toContain('Content-Disposition');
    expect(headers.etag).toBeUndefined();
  });

  it('packs a large one for who takes gzip', async () => {
    const text = `<feed>${'<a/>\n'.repeat(1000)}</feed>\n`;
    stand.replace('downloadGreenButton', async () => ({ body: { ...file, text } }));
    const packed = await stand.ask({ url, token: agent, headers: ['accept', '*/*', 'accept-encoding', 'gzip'] });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    expect(gunzipSync(Buffer.from(packed.raw.body, 'base64')).toString()).toBe(text);
  });

  it('records who took it, and that it was about usage', async () => {
    await stand.ask({ url, token: agent });
    expect(await stand.entries()).toMatchObject([
      { act: 'usage.download', outcome: 'allowed', fields: ['usage'], subject: ids.own.servicePoint },
    ]);
  });

  it('gives no file of another type, none whose name could end a header, and none larger than an answer', async () => {
    const wrong = [
      { ...file, type: 'text/html' },
      { ...file, name: 'a"\r\nSet-Cookie: x=1' },
      { ...file, text: 'x'.repeat(mostFileBytes + 1) },
    ];
    for (const body of wrong) {
      stand.replace('downloadGreenButton', async () => ({ body }));
      const { status, json, text } = await stand.ask({ url, token: agent });
      expect([status, json.code]).toEqual([500, 'internal']);
      expect(text.length).toBeLessThan(1000);
    }
  });

  it('refuses one of which the caller may not see all', () => {
    const route = routes.find(({ operationId }) => operationId === 'downloadGreenButton');
    if (route === undefined) throw new Error('no such route');
    const about = { act: route.act, relation: 'other', purpose: 'service' } as const;
    const view = (role: 'field' | 'agent') => fieldView({ kind: 'staff', id: 'staff', roles: [role] }, about);
    expect(fileLeaving(route, leave(route, file, view('agent')))).toEqual(file);
    expect(() => fileLeaving(route, leave(route, file, view('field')))).toThrow(DomainError);
  });
});

it('counts a text as the JSON of an answer does', () => {
  expect(fileBytes('a\n"\u00e9')).toBe(1 + 2 + 2 + 2);
});

it('stands in OpenAPI as a file of its type, not as JSON', () => {
  const document = openApiDocument(routes, { version: '0.1.0' });
  const contentOf = (path: string) =>
    z
      .object({
        paths: z.record(
          z.string(),
          z.object({ get: z.object({ responses: z.record(z.string(), z.any()) }) }).partial(),
        ),
      })
      .parse(document).paths[path]?.get?.responses['200'];
  expect(contentOf('/v1/service-points/{id}/green-button')).toMatchObject({
    content: { 'application/atom+xml': { schema: { type: 'string' } } },
    headers: { 'Content-Disposition': { schema: { type: 'string' } } },
  });
  expect(Object.keys(contentOf('/v1/service-points/{id}/usage-file').content)).toEqual(['text/csv']);
});
