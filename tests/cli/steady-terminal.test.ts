import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '#cli/program.ts';
import { csvLine } from '#functions/imports/rules/write/csv-cells.ts';
import { lineLogger } from '#local/recorder.ts';
import { isPlain } from '#shared/vocabulary/plain-text.ts';
import { answers } from '#tests/edge/api-answers.ts';
import { FarEnd, run } from './far-end.ts';

/** Clears a terminal in two ways, turns what is read around, goes back to the beginning of a line, and begins another line. */
const hostile = 'x\u001b[2J\u009b2J\u202e\r\nFORGED y';

/** Members of answers that hold what people and systems wrote. */
const texts: ReadonlySet<string> = new Set(
  'name text value label summary handover address cause number tariff because detail message title source key'.split(
    ' ',
  ),
);

/** An answer as it may be stored from before the door refused such texts; ids, instants and words of lists stay as they are. */
const poisoned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'string' && texts.has(name) ? `${one}${hostile}` : poisoned(one),
    ]),
  );
};

const customer = 'cus_0123456789ABCDEFGHJKMNPQRS';
const point = 'svp_0123456789ABCDEFGHJKMNPQRS';
const view = poisoned(answers.read360);
const problem = { status: 500, body: { title: `Gone${hostile}`, detail: hostile, code: 'x' } };
const kept = {
  id: 'qar_1',
  reason: 'reference.unknown',
  source: `billing${hostile}`,
  receivedAt: '2026-03-01T09:30:00Z',
  waitsFor: `account ${hostile}`,
};
const event = {
  source: 'rotunda.billing',
  'detail-type': 'billing.payment.received.v1',
  time: '2026-03-01T09:30:00Z',
  detail: { text: hostile },
};
const fact = { type: `billing${hostile}`, source: { system: 'billing' }, sourceEventId: hostile };
const result = { index: 0, status: 'rejected', code: 'fact.invalid', problem: hostile, message: hostile, errors: [] };

let far: FarEnd;
let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-steady-'));
  await writeFile(path('hostile.csv'), `meter,start,value\r\n"A${hostile}",2026-03-01T00:00:00Z,1\r\n`);
  await writeFile(path('hostile.nem'), `200,${hostile},E1,E1,E1,,01009,kWh,30,\r\n300,20260301${hostile}\r\n900\r\n`);
  await writeFile(path('fact.json'), JSON.stringify(fact));
  far = new FarEnd();
  await far.start();
  far.answer(`GET /v1/customers/${customer}/360`, { body: view });
  far.answer('GET /v1/customers', { body: poisoned(answers.searchCustomers) });
  far.answer('POST /v1/facts', { body: { results: [result] } });
  far.answer('GET /_local/ops/quarantine', {
    body: { total: 1, reasons: [{ reason: kept.reason, count: 1 }], entries: [kept] },
  });
  far.answer('GET /_local/events', (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  for (const refused of [
    'POST /v1/imports',
    `GET /v1/service-points/${point}/usage-file`,
    'POST /_local/ops/match-train',
  ])
    far.answer(refused, problem);
});
afterAll(async () => {
  await far.stop();
  await rm(folder, { recursive: true });
});

/** A command line or more for every command: what answers, and what lies in its files, is hostile. */
const commands: Readonly<Record<string, () => readonly (readonly string[])[]>> = {
  show: () => [
    ['show', customer],
    ['show', customer, '--json'],
  ],
  search: () => [
    ['search', 'okafor'],
    ['search', 'okafor', '--json'],
  ],
  send: () => [
    ['send', path('fact.json')],
    ['send', path('fact.json'), '--json'],
  ],
  listen: () => [
    ['listen', '--count', '1'],
    ['listen', '--count', '1', '--json'],
  ],
  ops: () => [
    ['ops', 'quarantine'],
    ['ops', 'quarantine', '--json'],
    ['ops', 'digest'],
  ],
  import: () => [
    ['import', path('hostile.nem'), '--format', 'nem12', '--dry-run'],
    ['import', path('hostile.nem'), '--format', 'nem12'],
  ],
  feed: () => [['feed', path('hostile.csv'), '--unit', 'kWh', '--zone', 'UTC']],
  export: () => [['export', point, '--format', 'csv', '--from', '2026-03-01', '--to', '2026-03-02']],
  match: () => [
    ['match', 'train'],
    ['match', path('hostile.csv')],
  ],
  detect: () => [['detect', path('hostile.csv')]],
  temperatures: () => [['temperatures', path('hostile.csv')]],
  simulate: () => [['simulate', hostile]],
  token: () => [['token', '--role', hostile]],
  completion: () => [['completion', hostile]],
};

const expectSteady = (lines: readonly string[]): void => {
  for (const line of lines) expect([line, isPlain(line, true)]).toEqual([line, true]);
};

describe('what a command prints', () => {
  it('is looked at here for every command', () => {
    const quiet = { out: () => {}, note: () => {}, input: async () => '', width: 80 };
    const names = buildProgram(quiet).commands.map((command) => command.name());
    expect(Object.keys(commands).sort()).toEqual(names.sort());
  });

  it('goes by the terminal, and by nothing else', async () => {
    const files = (await readdir('cli', { recursive: true })).filter((name) => name.endsWith('.ts'));
    const past: string[] = [];
    for (const name of files)
      if (/\bconsole\.|process\.std(?:out|err)\.write/.test(await readFile(join('cli', name), 'utf8'))) past.push(name);
    expect(past).toEqual(['terminal.ts']);
  });

  it.each(Object.entries(commands))(
    'by %s does not steer what shows it, whatever was stored or lies in a file',
    async (_, lines) => {
      for (const args of lines()) {
        const { out, notes } = await run([...args, '--url', far.url]);
        expect([args[0], out.length + notes.length > 0]).toEqual([args[0], true]);
        expectSteady([...out, ...notes]);
      }
    },
  );

  it('puts what was written on several lines on the line it belongs to', async () => {
    for (const args of [
      ['show', customer],
      ['search', 'okafor'],
      ['ops', 'quarantine'],
    ]) {
      const { out, notes } = await run([...args, '--url', far.url]);
      expect([args[0], notes, out.join()]).toEqual([args[0], [], expect.stringContaining('FORGED')]);
      for (const line of out) expect([line, isPlain(line)]).toEqual([line, true]);
    }
  });

  it('shows the escape of what was stored in its place, and in JSON that is the same value', async () => {
    expect((await run(['show', customer, '--url', far.url])).out.join('\n')).toContain('\\u001b[2J');
    const { out } = await run(['show', customer, '--json', '--url', far.url]);
    expect(JSON.parse(out.join(''))).toEqual(view);
  });
});

describe('what else is read on a terminal', () => {
  it('is plain: lines of the log, and files of values', () => {
    const lines: string[] = [];
    lineLogger((line) => lines.push(line)).warn('one', { told: hostile });
    expectSteady([...lines, csvLine([hostile, `=${hostile}`, { number: '-1' }])]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ told: hostile });
    expect(csvLine(['=1+1', '\u202e=1'])).toBe("'=1+1,\\u202e=1\r\n");
  });
});
