import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type FunctionName, functionNames } from '#functions/manifest.ts';
import { bundleFunctions, codeFile } from '#infra/bundles.ts';
import type { CodeFolders } from '#infra/deployment.ts';
import { everySetting, saidByLambda } from '#scripts/bench/deployed-environment.ts';

let into: string;
let folders: CodeFolders;

beforeAll(async () => {
  into = await mkdtemp(join(tmpdir(), 'rotunda-roots-'));
  folders = await bundleFunctions(join(into, 'functions'));
}, 120_000);

afterAll(() => rm(into, { recursive: true, force: true }));

/** Runs a script in a fresh process in which every connection is refused; `code` is the path of a function's code. */
const runWith = (name: FunctionName, environment: Readonly<Record<string, string>>, script: string) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '-e',
      `require('node:net').Socket.prototype.connect = () => { throw new Error('a connection while the function starts'); };
       const code = ${JSON.stringify(join(folders[name], codeFile))};
       ${script}`,
    ],
    { env: { ...saidByLambda, ...environment }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};

/** Loads a function's code in a process of its own, as Lambda does at a cold start. */
const load = (name: FunctionName, environment: Readonly<Record<string, string>>) =>
  runWith(name, environment, 'process.stdout.write(typeof require(code).handler);');

const Ended = z.object({ whole: z.string(), without: z.record(z.string(), z.string()) });

/** Loads it with these settings alone, and anew without each of them in turn; answers what each of those starts ended with. */
const loadWithoutEach = (name: FunctionName, needs: Readonly<Record<string, string>>) => {
  const { stdout, stderr } = runWith(
    name,
    needs,
    `const start = () => {
       delete require.cache[code];
       try {
         return typeof require(code).handler;
       } catch (error) {
         return String(error);
       }
     };
     const ended = { whole: start(), without: {} };
     for (const name of ${JSON.stringify(Object.keys(needs))}) {
       const { [name]: taken } = process.env;
       delete process.env[name];
       ended.without[name] = start();
       process.env[name] = taken;
     }
     process.stdout.write(JSON.stringify(ended));`,
  );
  expect(stderr).toBe('');
  return Ended.parse(JSON.parse(stdout));
};

const namedAsMissing = (text: string): readonly string[] =>
  [...text.matchAll(/(ROTUNDA_[A-Z_]+) is missing/g)].map(([, name]) => name ?? '');

describe.each([...functionNames])('the function %s', (name) => {
  it('starts with its settings, without asking the network', () => {
    expect(load(name, everySetting)).toEqual({ status: 0, stdout: 'function', stderr: '' });
  });

  it('refuses to start without them, naming each, and without any one of them', () => {
    const bare = load(name, {});
    const needed = namedAsMissing(bare.stderr);
    expect(bare.status).not.toBe(0);
    expect(bare.stderr).toContain('the settings of this function are not complete');
    expect(needed).toContain('ROTUNDA_STAGE');
    const needs = Object.fromEntries(needed.map((one) => [one, everySetting[one] ?? '']));
    const { whole, without } = loadWithoutEach(name, needs);
    expect(whole).toBe('function');
    expect(Object.entries(without).map(([one, ended]) => [one, namedAsMissing(ended)])).toEqual(
      needed.map((one) => [one, [one]]),
    );
  }, 120_000);
});
