import { expect, it } from 'vitest';
import { importComplaints, projectDependencies, projectSources } from '#scripts/check/imports.ts';

const dependencies = {
  runtime: new Set(['zod', '@aws-sdk/client-kinesis', 'commander']),
  development: new Set(['fast-check']),
};
const complaints = (path: string, text: string) => importComplaints([{ path, text }], dependencies);

it('holds in every source of the project', () => {
  const sources = projectSources();
  expect(sources.length).toBeGreaterThan(20);
  expect(importComplaints(sources, projectDependencies())).toEqual([]);
});

it.each([
  [
    'a rule that reads the store',
    'shared/domain/profile/fold.ts',
    "import { orderOf } from '#shared/store/keys.ts';",
    'domain imports store',
  ],
  [
    'a rule that reads a contract',
    'shared/domain/profile/fold.ts',
    "import type { Fact } from '#shared/contracts/facts/envelope.ts';",
    'domain imports contracts',
  ],
  [
    'vocabulary that leans on a contract',
    'shared/vocabulary/ids.ts',
    "export * from '../contracts/facts/envelope.ts';",
    'vocabulary imports contracts',
  ],
  [
    'a store that knows its use case',
    'shared/store/commit.ts',
    "import { take } from '#functions/facts/take-facts.ts';",
    'store imports use case',
  ],
  [
    'a use case that knows its edge',
    'functions/facts/take-facts.ts',
    "import { http } from '#shared/edge/http.ts';",
    'use case imports edge',
  ],
  [
    'an edge that builds the system',
    'functions/facts/api.ts',
    "import { handler } from './lambda.ts';",
    'function edge imports composition root',
  ],
  [
    'one capability that calls another',
    'functions/usage/api.ts',
    "import { take } from '#functions/facts/take-facts.ts';",
    'they meet in facts',
  ],
  [
    'a rule that reads the clock',
    'shared/domain/billing/due.ts',
    'export const due = () => Date.now();',
    'uses Date.now',
  ],
  [
    'a rule that takes today from nowhere',
    'shared/domain/billing/due.ts',
    'export const due = () => new Date();',
    'uses new Date() without an instant',
  ],
  [
    'a rule that draws at random',
    'shared/domain/billing/due.ts',
    'export const due = () => Math.random();',
    'uses Math.random',
  ],
  [
    'a rule that reads the environment',
    'shared/domain/billing/due.ts',
    'export const zone = process.env.TZ;',
    'uses process',
  ],
  [
    'a rule that opens a file',
    'shared/domain/billing/due.ts',
    "import { readFileSync } from 'node:fs';",
    'domain imports node:fs',
  ],
  [
    'a rule on a package with I/O',
    'shared/domain/billing/due.ts',
    "import * as c from 'commander';",
    'not on the list of pure packages',
  ],
  ['zod with every locale', 'shared/vocabulary/ids.ts', "import { z } from 'zod';", 'write import * as z'],
  [
    'running code on a tool of development',
    'iot/meter.ts',
    "import fc from 'fast-check';",
    'fast-check is a devDependency',
  ],
  ['a package that nobody declared', 'iot/meter.ts', "import x from 'left-pad';", 'no dependency of package.json'],
  [
    'a client outside its home',
    'functions/facts/take-facts.ts',
    "import { KinesisClient } from '@aws-sdk/client-kinesis';",
    'home is shared/messaging/',
  ],
  [
    'a rule behind import()',
    'shared/domain/billing/due.ts',
    "export const x = import('#shared/store/keys.ts');",
    'domain imports store',
  ],
])('refuses %s', (_title, path, text, message) => {
  expect(complaints(path, text)).toEqual([expect.stringContaining(message)]);
});

it('refuses a second importer of a client', () => {
  const text = "import { KinesisClient } from '@aws-sdk/client-kinesis';";
  expect(
    importComplaints(
      [
        { path: 'shared/messaging/kinesis-stream.ts', text },
        { path: 'shared/messaging/other.ts', text },
      ],
      dependencies,
    ),
  ).toEqual([expect.stringContaining('@aws-sdk/client-kinesis has 2 importers')]);
});

it.each([
  [
    'the types of a development package, which are erased',
    'functions/facts/api.ts',
    "import type { Handler } from 'fast-check';",
  ],
  [
    'a rule that is given an instant',
    'shared/domain/billing/due.ts',
    'export const due = (at: string) => new Date(at);',
  ],
  [
    'a composition root that picks the bodies',
    'functions/facts/lambda.ts',
    "import { handler } from './api.ts'; import { bus } from '#shared/messaging/event-bridge.ts';",
  ],
])('allows %s', (_title, path, text) => {
  expect(complaints(path, text)).toEqual([]);
});
