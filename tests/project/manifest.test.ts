import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forEveryRoute } from '#local/operations.ts';
import { projectSources } from '#scripts/check/imports.ts';
import { projectFiles, projectRoot } from '#scripts/check/project-files.ts';
import { secondListComplaints } from '#scripts/check/second-lists.ts';
import { projectWiring, type Wired, wiringComplaints } from '#scripts/check/wiring.ts';
import { withFunctionTable } from '#scripts/docs/function-table.ts';

const wired = projectWiring(projectFiles().map(({ path }) => path));
const definitionOf = (name: string) => {
  const found = wired.functions.get(name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};
/** The project with one function otherwise. */
const withFunction = (name: string, change: Partial<ReturnType<typeof definitionOf>>): Wired => ({
  ...wired,
  functions: new Map([...wired.functions, [name, { ...definitionOf(name), ...change }]]),
});
const withoutFunction = (name: string): Wired => ({
  ...wired,
  functions: new Map([...wired.functions].filter(([other]) => other !== name)),
});

describe('what runs on one machine and what the manifest says of AWS', () => {
  it('is the same: each part runs in one function, called by what it is made for', () => {
    expect(wiringComplaints(wired)).toEqual([]);
  });

  it.each<readonly [string, Wired, readonly string[]]>([
    [
      'a part that no function runs',
      withoutFunction('relay'),
      ['relay.publish: no function runs it: add it to `runs` of one in functions/manifest/'],
    ],
    [
      'a part that two functions run',
      withFunction('operations-match', { runs: ['operations.matchActs', 'operations.parkedActs'] }),
      ['operations.parkedActs: runs in operations-parked and operations-match: leave it in one'],
    ],
    [
      'a part that no capability has',
      { ...wired, running: wired.running.filter(({ name }) => name !== 'relay.publish') },
      ['relay: no capability has relay.publish: take it from its `runs`'],
    ],
    [
      'a capability that is in no list',
      { ...wired, files: [...wired.files, 'functions/billing/capability.ts'] },
      ['functions/billing/capability.ts: nothing runs it: add it to functions/capabilities.ts'],
    ],
    [
      'operations that no gateway leads to',
      withFunction('search', { on: { name: { by: 'operator' } } }),
      ['search: search.api has operations, so the gateway calls it: say `api` in its `on`'],
    ],
    [
      'a reader of another table than its own',
      withFunction('audit-seal', { on: { name: { by: 'operator' } } }),
      ['audit-seal: audit.seal takes changes of audit, so say `stream` of audit in its `on`'],
    ],
    [
      'a handler behind the gateway',
      withFunction('imports-points', { on: { api: {} } }),
      ['imports-points: imports.points takes events of one kind, so say anything but `api` in its `on`'],
    ],
    [
      'a third reader of a table',
      { ...wired, functions: new Map([...wired.functions, ['third', { runs: [], on: definitionOf('relay').on }]]) },
      ['profile: relay, profile-follow, third read its changes, and DynamoDB lets two: let one run what another does'],
    ],
    [
      'two readers of one machine by one name',
      { ...wired, running: wired.running.flatMap((one) => (one.name === 'relay.publish' ? [one, one] : [one])) },
      ['relay: two readers go by this name on one machine: give one of them another'],
    ],
  ])('is told where it is not: %s', (_what, otherwise, lines) => {
    expect(wiringComplaints(otherwise)).toEqual(lines);
  });

  it('is refused, as one machine starts, where a route has no operation', () => {
    expect(() => forEveryRoute({})).toThrow('no operation for');
  });
});

describe('a second list of functions', () => {
  const complaints = (text: string, path = 'infra/probe.ts') => secondListComplaints([{ path, text }]);
  const own = ['relay', 'audit-seal', 'sign-in', 'imports-work', 'facts-inbound', 'silent-meters', 'profile-follow'];
  const followers = [...own, 'insight-follow'];
  const quoted = followers.map((name) => `'${name}'`);

  it('is in no source of the project', () => {
    expect(secondListComplaints(projectSources())).toEqual([]);
  });

  it.each([
    ['an array', `const names = [${quoted.join(', ')}];`],
    ['an object', `const reserved = { ${quoted.map((name) => `${name}: 2`).join(', ')} };`],
    ['a union', `type Follower = ${quoted.join(' | ')};`],
    ['calls', quoted.map((name) => `make(${name});`).join('\n')],
    [
      'what has something for some of them',
      `const reserved: Partial<Record<FunctionName, number>> = { ${quoted.map((name) => `${name}: 2`).join(', ')} };`,
    ],
    [
      'functions of the API, which are named as capabilities',
      'const timeouts = { accounts: 1, customers: 1, explain: 1, facts: 1, identity: 1, meters: 1, outages: 1 };',
    ],
  ])('is found as %s, and is told', (_what, text) => {
    const [line, ...more] = complaints(text);
    expect(line).toMatch(/^infra\/probe\.ts: a second list of functions \(.+\): make it from functions\/manifest\.ts/);
    expect(more).toEqual([]);
  });

  it('is not what types hold to the list, a few names, or a test', () => {
    const held = `{ ${quoted.map((name) => `${name}: 2`).join(', ')} }`;
    expect(complaints(`const shown: Readonly<Record<FunctionName, number>> = ${held};`)).toEqual([]);
    expect(complaints(`const shown = ${held} satisfies Record<FunctionName, number>;`)).toEqual([]);
    expect(complaints(`const names = [${quoted.slice(0, 6).join(', ')}];`)).toEqual([]);
    expect(complaints(`const names = [${quoted.join(', ')}];`, 'tests/infra/probe.test.ts')).toEqual([]);
  });
});

describe('the types of the manifest', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rotunda-manifest-'));
  const replace = (path: string, text: string, by: string): void => {
    const held = readFileSync(join(scratch, path), 'utf8');
    expect(held.split(text), `${text} in ${path}`).toHaveLength(2);
    writeFileSync(join(scratch, path), held.replace(text, by));
  };
  let told = '';

  beforeAll(async () => {
    for (const name of ['shared', 'functions', 'scripts', 'package.json', 'tsconfig.json'])
      cpSync(join(projectRoot, name), join(scratch, name), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(scratch, 'node_modules'));
    replace('functions/manifest/metering.ts', "'validation.api', 'insight.decisions'", "'validation.api'");
    replace('functions/manifest/customers.ts', "'relay.publish'", "'relay.publsh'");
    replace('scripts/deploy-test/function-hops.ts', '  relay: [published],\n', '');
    const types = {
      extends: './tsconfig.json',
      include: ['functions/manifest.ts', 'scripts/deploy-test/function-hops.ts'],
    };
    writeFileSync(join(scratch, 'tsconfig.types.json'), JSON.stringify(types));
    const tsc = ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json'];
    told = await promisify(execFile)(process.execPath, tsc, { cwd: scratch }).then(
      () => '',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
  }, 120_000);
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('tell a route that the function does not answer which the gateway sends it to', () => {
    expect(told).toMatch(
      /^functions\/manifest\.ts\([\s\S]*validation\.runs[\s\S]*"something that has the operation decideInsight"/m,
    );
  });

  it('tell a part that no capability has', () => {
    expect(told).toMatch(/^functions\/manifest\/customers\.ts\(.*"relay\.publsh"/m);
  });

  it('tell a function that no hop of the deploy test shows', () => {
    expect(told).toMatch(/^scripts\/deploy-test\/function-hops\.ts\(.*'relay' is missing/m);
  });
});

describe('the table of functions in ARCHITECTURE.md', () => {
  it('stands between its marks, whatever stood there, and a page without them is refused', () => {
    const page = readFileSync(join(projectRoot, 'ARCHITECTURE.md'), 'utf8');
    expect(withFunctionTable(page.replace('| `relay` | `relay.publish` |', '| `relay` | nothing |'))).toBe(page);
    expect(() => withFunctionTable('# Architecture\n')).toThrow('has no place for the table of functions');
  });
});
