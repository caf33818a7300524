import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineLogger } from '#scripts/local/recorder.ts';
import { buildProgram } from '#scripts/rotunda/program.ts';
import { csvLine } from '#shared/domain/formats/write/csv-cells.ts';
import { isPlain } from '#shared/vocabulary/plain-text.ts';
import { answers } from '#tests/edge/api-answers.ts';
import { FarEnd, run } from './far-end.ts';

/** Clears a terminal, turns what is read around, goes back to the beginning of a line, and begins another line. */
const hostile = 'x\u001b[2J\u009b2J\u202e\r\nFORGED y';

/** What is stored from before the door refused it: every free text of an answer is hostile; ids, instants and words of lists stay. */
const poisoned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        typeof one === 'string' && texts.has(name) ? `${one}${hostile}` : poisoned(one),
      ]),
    );
  return value;
};
const texts: ReadonlySet<string> = new Set(
  [
    'name',
    'text',
    'value',
    'label',
    'summary',
    'handover',
    'address',
    'cause',
    'number',
    'tariff',
    'because',
    'detail',
  ].concat(['message', 'title', 'reason', 'source', 'key']),
);

let far: FarEnd;
beforeEach(async () => {
  far = new FarEnd();
  await far.start();
});
afterEach(() => far.stop());

const customer = 'cus_0123456789ABCDEFGHJKMNPQRS';
const view = poisoned(answers.read360);
const found = poisoned(answers.searchCustomers);
const problem = { status: 500, body: { title: `Gone${hostile}`, detail: hostile, code: 'x' } };

/** A command line for every command that asks a system, whose answers hold hostile text; a new command without a row fails. */
const asking: Readonly<Record<string, readonly string[]>> = {
  show: ['show', customer],
  'show --json': ['show', customer, '--json'],
  search: ['search', 'okafor'],
  'search --json': ['search', 'okafor', '--json'],
  send: ['send', '-'],
  token: ['token', '--role', 'agent'],
  export: ['export', 'svp_0123456789ABCDEFGHJKMNPQRS', '--format', 'csv'],
  listen: ['listen'],
  temperatures: ['temperatures', '--help'],
  feed: ['feed', '--help'],
  simulate: ['simulate', '--help'],
  import: ['import', '--help'],
  match: ['match', '--help'],
  detect: ['detect', '--help'],
  ops: ['ops', 'quarantine'],
  completion: ['completion', 'bash'],
};

const expectSteady = (lines: readonly string[]): void => {
  for (const line of lines) expect([line, isPlain(line, true)]).toEqual([line, true]);
};

describe('what a command prints', () => {
  it('has a row here for every command', () => {
    const quiet = { out: () => {}, note: () => {}, input: async () => '', width: 80 };
    const names = buildProgram(quiet).commands.map((command) => command.name());
    expect(names.filter((name) => asking[name] === undefined)).toEqual([]);
  });

  it.each(Object.entries(asking))('by %s does not steer the terminal, whatever was stored', async (_name, args) => {
    for (const refused of [false, true]) {
      far.answer(`GET /v1/customers/${customer}/360`, refused ? problem : { body: view });
      far.answer('GET /v1/customers', refused ? problem : { body: found });
      far.answer('GET /_local/ops/quarantine', problem);
      far.answer('GET /v1/service-points/svp_0123456789ABCDEFGHJKMNPQRS/usage-file', problem);
      const where =
        args.includes('--help') || args[0] === 'completion' || args[0] === 'listen' ? [] : ['--url', far.url];
      if (args[0] === 'listen') continue;
      const { out, notes } = await run([...args, ...where], `{"type":"${'a'}"}`);
      expect(out.length + notes.length).toBeGreaterThan(0);
      expectSteady([...out, ...notes]);
      if (!args.includes('--json') && ['show', 'search'].includes(args[0] ?? ''))
        for (const line of out) expect([line, isPlain(line)]).toEqual([line, true]);
    }
  });

  it('shows what was stored: its escape stands in its place, and in JSON it is the same value', async () => {
    far.answer(`GET /v1/customers/${customer}/360`, { body: view });
    const { out } = await run(['show', customer, '--url', far.url]);
    expect(out.join('\n')).toContain('\\u001b[2J');
    const { out: json } = await run(['show', customer, '--json', '--url', far.url]);
    expect(JSON.parse(json.join(''))).toEqual(view);
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
