import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFiles, projectRoot } from '#scripts/check/project-files.ts';
import { Draft } from '#scripts/new/draft.ts';
import { ApiClient } from '#tests/support/api-client.ts';
import { startSystem } from '#tests/support/started-system.ts';
import { type ListLine, listLines, testLines } from './complaints/list-lines.ts';

const run = promisify(execFile);

/** What a newcomer types, in order. */
const commands: readonly (readonly string[])[] = [
  ['capability', 'complaints'],
  ['fact', 'complaints', 'contact.complaint.made'],
  ['route', 'complaints', 'POST', '/v1/customers/{id}/complaints', 'makeComplaint'],
  ['route', 'complaints', 'GET', '/v1/customers/{id}/complaints', 'listComplaints'],
  ['function', 'complaints-count', '--follow'],
  ['function', 'complaints-overdue', '--every', 'rate(7 days)'],
];

/** Why the command touches a file that was there before. */
const byCommand: Readonly<Record<string, string>> = {
  'functions/capabilities.ts': 'the list of capabilities',
  'functions/fact-types.ts': 'the facts of the capability',
  'functions/profile.ts': 'the family that folds them, and what they speak of',
  'functions/routes.ts': 'the routes of the capability',
  'functions/manifest/customers.ts':
    'the function that answers them, that of the schedule, and which one runs the reader',
};

/** What `npm run docs` writes. */
const isGenerated = (path: string): boolean =>
  /^(docs\/(events|schemas|problems)\/|functions\/roots\/)/.test(path) ||
  ['ARCHITECTURE.md', 'docs/runbooks/README.md'].includes(path) ||
  /^docs\/[\w-]+\.(md|json)$/.test(path);

const fixture = join(projectRoot, 'tests/project/complaints');

describe('a capability "complaints", added to a copy of the project', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rotunda-complaints-'));
  const node = async (...args: readonly string[]): Promise<string> => {
    const ended = await run(process.execPath, args, { cwd: scratch, maxBuffer: 1 << 26 }).catch(
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
        throw new Error(`${args.join(' ')}:\n${stdout}${stderr}`);
      },
    );
    return ended.stdout;
  };
  const script = (path: string, ...args: readonly string[]): Promise<string> => node('--import', 'tsx', path, ...args);
  /** Files of before that are otherwise now. */
  const touched = (): readonly string[] =>
    projectFiles().flatMap(({ path }) =>
      readFileSync(join(projectRoot, path), 'utf8') === readFileSync(join(scratch, path), 'utf8') ? [] : [path],
    );
  /** What an author writes over the plain case. */
  const writeOwn = (): void => {
    const draft = new Draft(scratch);
    for (const name of readdirSync(fixture, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.txt')) continue;
      const [path, text] = [
        name.replaceAll('\\', '/').slice(0, -'.txt'.length),
        readFileSync(join(fixture, name), 'utf8'),
      ];
      if (draft.has(path)) draft.change(path, () => text);
      else draft.create(path, text);
    }
    const lines: readonly Omit<ListLine, 'why'>[] = [...listLines, ...testLines];
    for (const { path, change } of lines) draft.change(path, change);
    draft.write();
  };

  beforeAll(async () => {
    for (const { path } of projectFiles()) cpSync(join(projectRoot, path), join(scratch, path), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(scratch, 'node_modules'));
    for (const command of commands) await script('scripts/new/main.ts', ...command);
    await node('node_modules/typescript/bin/tsc', '--project', '.');
    writeOwn();
    await script('scripts/docs/main.ts');
  }, 600_000);
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('passes every check', async () => {
    expect((await script('scripts/check.ts')).trim().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed$/);
  }, 900_000);

  it('touches these files that were there before, and no others', () => {
    const why = new Map([
      ...Object.entries(byCommand),
      ...listLines.map((line) => [line.path, [byCommand[line.path], line.why].filter(Boolean).join('; ')] as const),
    ]);
    const paths = touched().filter((path) => !path.startsWith('tests/') && !isGenerated(path));
    console.log(`${paths.length} files were touched:`);
    for (const path of paths) console.log(`  ${path}: ${why.get(path) ?? 'nobody knows why'}`);
    expect(paths).toEqual([...why.keys()].toSorted());
    expect(paths).toHaveLength(6);
  });

  it('is deployed: its function, its schedule, its alarm with a page that there is', async () => {
    expect(await script('infra/synth.ts', '--stage', 'staging')).toContain('staging: 6 stacks');
    const tells = (stack: string, text: string): boolean =>
      readFileSync(join(scratch, `cdk.out/synth/staging/${stack}.template.json`), 'utf8').includes(text);
    expect(tells('Api', '"rotunda-staging-complaints"')).toBe(true);
    expect(tells('Events', '"ScheduleExpression": "rate(7 days)"')).toBe(true);
    expect(tells('Observability', '"rotunda-staging-complaints-overdue-complaints"')).toBe(true);
    expect(tells('Observability', 'Runbook: docs/runbooks/complaints-overdue.md')).toBe(true);
  }, 400_000);

  it('answers on one machine: a complaint that is made is listed, and stands in the 360 view until it is taken back', async () => {
    const program = ['--import', 'tsx', 'scripts/start.ts'];
    const started = await startSystem({}, ['--no-seed', '--no-meters'], program, scratch);
    try {
      const api = new ApiClient(started.url);
      const as = { role: 'agent' };
      const json = { kind: 'person', name: { given: 'Amara', family: 'Okafor' } };
      const { json: customer } = await api.must({ method: 'POST', path: '/v1/customers', as, json });
      const path = `/v1/customers/${customer.id}`;
      const words = 'The bill is estimated, though I read the meter.';
      const made = await api.must({ method: 'POST', path: `${path}/complaints`, as, json: { about: 'bill', words } });
      expect(made.json).toMatchObject({ customerId: customer.id, factId: expect.stringMatching(/^fct_/) });
      const latest = { factId: made.json.factId, at: made.json.occurredAt, about: 'bill', words };
      const listed = await api.must({ path: `${path}/complaints`, as });
      expect(listed.json).toMatchObject({ customerId: customer.id, open: 1, latest: [latest], version: 2 });
      expect((await api.must({ path: `${path}/360`, as })).json.complaints).toEqual({ open: 1, latest });
      const told = await api.must({ path: `${path}/timeline`, as });
      expect(told.text).toContain('"type":"contact.complaint.made.v1"');
      const explained = await api.must({ path: `${path}/explain?field=complaints.open`, as });
      expect(explained.json).toMatchObject({ value: 1, inputs: [{ what: 'facts of complaints', value: 1 }] });
    } finally {
      await started.stop();
    }
  }, 120_000);

  it('has a second fact by its contract and its rule alone', async () => {
    const inScratch = (): ReadonlyMap<string, string> =>
      new Map(
        readdirSync(join(scratch, 'functions'), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .map((name) => {
            const path = join('functions', name);
            return [path, readFileSync(join(scratch, path), 'utf8')] as const;
          }),
      );
    const before = inScratch();
    await script('scripts/new/main.ts', 'fact', 'complaints', 'contact.complaint.answered');
    const changed = [...inScratch()].flatMap(([path, text]) => (before.get(path) === text ? [] : [path]));
    expect(changed.toSorted()).toEqual([
      'functions/complaints/contract/complaint-facts.ts',
      'functions/complaints/rules/complaints.ts',
    ]);
  }, 120_000);
});
