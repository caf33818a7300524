import { expect, it } from 'vitest';
import { importComplaints, projectDependencies, projectOffers, projectSources } from '#scripts/check/imports.ts';

const dependencies = {
  runtime: new Set(['zod', '@aws-sdk/client-kinesis', 'commander']),
  development: new Set(['fast-check']),
};
const complaints = (path: string, text: string) => importComplaints([{ path, text }], dependencies);

it('holds in every source of the project', () => {
  const sources = projectSources();
  expect(sources.length).toBeGreaterThan(20);
  expect(importComplaints(sources, projectDependencies(), projectOffers())).toEqual([]);
});

it.each([
  [
    'a rule that reads the store',
    'shared/profile/rules/fold.ts',
    "import { orderOf } from '#shared/table/keys.ts';",
    'domain imports store',
  ],
  [
    'a rule that reads a contract',
    'shared/profile/rules/fold.ts',
    "import { Fact } from '#shared/contracts/facts/envelope.ts';",
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
    'shared/facts/commit.ts',
    "import { take } from '#functions/facts/take-facts.ts';",
    'store imports capability facts',
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
    'a rule of a capability that reads its store',
    'functions/billing/rules/due.ts',
    "import { readBill } from '../store/bills.ts';",
    'domain imports store',
  ],
  [
    'what another capability keeps to itself',
    'functions/usage/show-usage.ts',
    "import { keepDays } from '#functions/validation/store/days-left.ts';",
    'functions/validation/store/days-left.ts is not offered to other capabilities',
  ],
  [
    'an engine that knows a capability',
    'shared/facts/commit.ts',
    "import { readBill } from '#functions/billing/store/bills.ts';",
    'store imports capability billing',
  ],
  [
    'a rule that reads the clock',
    'functions/billing/rules/due.ts',
    'export const due = () => Date.now();',
    'uses Date.now',
  ],
  [
    'a rule that takes today from nowhere',
    'functions/billing/rules/due.ts',
    'export const due = () => new Date();',
    'uses new Date() without an instant',
  ],
  [
    'a rule that draws at random',
    'functions/billing/rules/due.ts',
    'export const due = () => Math.random();',
    'uses Math.random',
  ],
  [
    'a rule that reads the environment',
    'functions/billing/rules/due.ts',
    'export const zone = process.env.TZ;',
    'uses process',
  ],
  [
    'a rule that opens a file',
    'functions/billing/rules/due.ts',
    "import { readFileSync } from 'node:fs';",
    'domain imports node:fs',
  ],
  [
    'a rule on a package with I/O',
    'functions/billing/rules/due.ts',
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
    'home is shared/messaging/aws/',
  ],
  [
    'a rule behind import()',
    'functions/billing/rules/due.ts',
    "export const x = import('#shared/table/keys.ts');",
    'domain imports store',
  ],
])('refuses %s', (_title, path, text, message) => {
  expect(complaints(path, text)).toEqual([expect.stringContaining(message)]);
});

it('refuses capabilities that take something of each other in a circle', () => {
  const sources = [
    { path: 'functions/usage/a.ts', text: "import { b } from '#functions/bills/contract/b.ts';" },
    { path: 'functions/bills/c.ts', text: "import { d } from '#functions/usage/contract/d.ts';" },
  ];
  expect(importComplaints(sources, dependencies)).toEqual(['capabilities in a circle: usage -> bills -> usage']);
});

it('refuses a second importer of a client', () => {
  const text = "import { KinesisClient } from '@aws-sdk/client-kinesis';";
  expect(
    importComplaints(
      [
        { path: 'shared/messaging/aws/kinesis-stream.ts', text },
        { path: 'shared/messaging/aws/other.ts', text },
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
    'functions/billing/rules/due.ts',
    'export const due = (at: string) => new Date(at);',
  ],
  [
    'a rule that takes the type of a contract, which is erased',
    'functions/billing/rules/due.ts',
    "import type { BillIssued } from '../contract/bills.ts';",
  ],
  [
    'a contract of another capability',
    'functions/usage/api.ts',
    "import { Bill } from '#functions/billing/contract/bills.ts';",
  ],
  [
    'a composition root that picks the bodies',
    'functions/facts/lambda.ts',
    "import { handler } from './api.ts'; import { bus } from '#shared/messaging/event-bridge.ts';",
  ],
])('allows %s', (_title, path, text) => {
  expect(complaints(path, text)).toEqual([]);
});

it('allows what another capability offers of its rules', () => {
  const text = "import { series } from '#functions/readings/store/series.ts';";
  const offers = new Set(['functions/readings/store/series.ts']);
  expect(importComplaints([{ path: 'functions/usage/show-usage.ts', text }], dependencies, offers)).toEqual([]);
});
