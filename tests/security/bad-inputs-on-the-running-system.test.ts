import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemPages } from '#shared/edge/problem-codes.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { type RawAnswer, requestBytes, sendBytes } from '#tests/support/aws/raw-http.ts';
import { type Digests, RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type SmallWorld } from '#tests/support/small-world.ts';
import { type BadInput, bodyOf, cases, fill, namesSubject } from './bad-input-cases.ts';

/** Every bad input, byte by byte, to the running system with its real operations. */

let system: RunningSystem;
let world: SmallWorld;
let before: Digests;
let number = 0;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
  before = await system.digests();
});
afterAll(() => system.stop());

/** What the HTTP server of this machine says before the chain is asked, where it differs. */
const onTheWire: Readonly<Record<string, readonly [number, string]>> = {
  'the method get where there is none': [400, 'request.unreadable'],
};

const askerOf = (input: BadInput): Asker => (input.as === 'billing' ? { client: 'billing' } : { role: input.as });

const problem = (answer: RawAnswer): Readonly<Record<string, unknown>> => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body).not.toMatch(/node_modules|\.ts:\d|ZodError|SyntaxError|at Object/);
  const value: unknown = JSON.parse(answer.body);
  const document: Readonly<Record<string, unknown>> = { ...Object(value) };
  expect(Object.hasOwn(problemPages, String(document.code))).toBe(true);
  return document;
};

const unchanged = async (): Promise<void> => {
  await system.settle();
  expect(await system.digests()).toEqual(before);
};

it.each(cases)('refuses $title, says why, records it and changes nothing', async (input) => {
  number += 1;
  const home = world.amara;
  const refused = system.refused;
  const [status, code] = onTheWire[input.title] ?? [input.status, input.code];
  const answer = await sendBytes(
    system.served.server.port,
    requestBytes({
      method: input.method,
      target: fill(input.url, home, number),
      headers: [
        ...['authorization', `Bearer ${await system.tokenOf(askerOf(input))}`],
        ...input.headers.map((header) => fill(header, home, number)),
      ],
      body: bodyOf(input, home, number),
    }),
  );
  expect(system.refused).toBe(refused + 1);
  await unchanged();
  expect(answer.status).toBe(status);
  // The answer to HEAD has no body that could say more.
  if (input.method === 'HEAD') return;
  const document = problem(answer);
  expect([document.status, document.code]).toEqual([status, code]);
  const [, kind = ''] = /\{(customer|account|premise|servicePoint)\}/.exec(input.url) ?? [];
  const subject = new Map(Object.entries(home)).get(kind);
  if (subject === undefined || onTheWire[input.title] !== undefined || !namesSubject(input, status)) return;
  const entries = await system.entriesAt(subject);
  expect(entries.filter(({ requestId }) => requestId === document.requestId)).toEqual([]);
  const outcomes = entries.map(({ outcome }) => outcome);
  // Attempts are joined by what they tried; a seventeenth kind on one day is told as one of several.
  expect(outcomes.some((outcome) => outcome === `refused:${code}` || outcome === 'refused:several')).toBe(true);
});

const named = 'Host: 127.0.0.1\r\nConnection: close\r\n';
const megabytes = (count: number): number => count * 1024 * 1024;

/** What is no request, or one that two readers could read in two ways. Answered before any of our code reads it. */
const wire: readonly (readonly [title: string, status: number, code: string, bytes: string | Uint8Array])[] = [
  ['no host', 421, 'host.unknown', 'GET /v1/health HTTP/1.1\r\nConnection: close\r\n\r\n'],
  [
    'the host of a page elsewhere',
    421,
    'host.unknown',
    'GET /v1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  ],
  ['HTTP 1.0', 421, 'host.unknown', 'GET /v1/health HTTP/1.0\r\n\r\n'],
  ['HTTP 9.9', 400, 'request.unreadable', `GET /v1/health HTTP/9.9\r\n${named}\r\n`],
  ['HTTP 2 without asking', 400, 'request.unreadable', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  [
    'two lengths',
    400,
    'request.unreadable',
    `POST /v1/facts HTTP/1.1\r\n${named}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
  ],
  [
    'a length and pieces',
    400,
    'request.unreadable',
    `POST /v1/facts HTTP/1.1\r\n${named}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a piece of no length',
    400,
    'request.unreadable',
    `POST /v1/facts HTTP/1.1\r\n${named}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  ],
  ['a length below zero', 400, 'request.unreadable', `POST /v1/facts HTTP/1.1\r\n${named}Content-Length: -1\r\n\r\n`],
  ['a NUL in the path', 400, 'request.unreadable', `GET /v1/hea\u0000lth HTTP/1.1\r\n${named}\r\n`],
  ['a folded header', 400, 'request.unreadable', `GET /v1/health HTTP/1.1\r\n${named}X-A: b\r\n c\r\n\r\n`],
  ['a space before the colon', 400, 'request.unreadable', `GET /v1/health HTTP/1.1\r\n${named}X-A : b\r\n\r\n`],
  ['lines that end half', 400, 'request.unreadable', 'GET /v1/health HTTP/1.1\nHost: 127.0.0.1\n\n'],
  ['the hello of TLS', 400, 'request.unreadable', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 13, 10, 13, 10])],
  [
    'headers of 20 KB',
    431,
    'headers.too-large',
    `GET /v1/health HTTP/1.1\r\n${named}X-A: ${'a'.repeat(20_000)}\r\n\r\n`,
  ],
  ['the address of another server', 404, 'route.unknown', `GET http://evil.example/v1/health HTTP/1.1\r\n${named}\r\n`],
  ['a star for a path', 404, 'route.unknown', `OPTIONS * HTTP/1.1\r\n${named}\r\n`],
  ['a path that climbs out of the API', 404, 'route.unknown', `GET /v1/../_local/ops/digest HTTP/1.1\r\n${named}\r\n`],
  ['a path of two slashes', 404, 'route.unknown', `GET //v1/health HTTP/1.1\r\n${named}\r\n`],
  ['an operator’s route without a token', 401, 'token.missing', `GET /_local/ops/digest HTTP/1.1\r\n${named}\r\n`],
  [
    'a body of 11 MB',
    413,
    'body.too-large',
    Buffer.concat([
      Buffer.from(
        `POST /v1/facts HTTP/1.1\r\n${named}Content-Type: application/json\r\nContent-Length: ${megabytes(11)}\r\n\r\n`,
      ),
      Buffer.alloc(megabytes(11), 0x20),
    ]),
  ],
];

it.each(wire)('refuses %s with %i, counts it and changes nothing', async (_title, status, code, bytes) => {
  const refused = system.refused;
  const answer = await sendBytes(system.served.server.port, Buffer.from(bytes));
  expect(answer.status).toBe(status);
  const chunked = answer.headers.get('transfer-encoding') === 'chunked';
  const body = chunked ? answer.body.slice(answer.body.indexOf('{'), answer.body.lastIndexOf('}') + 1) : answer.body;
  expect(problem({ ...answer, body })).toMatchObject({ status, code });
  expect(system.refused).toBe(refused + 1);
  await unchanged();
});

it('none of them made the system fail inside', () => {
  expect(system.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(200);
});
