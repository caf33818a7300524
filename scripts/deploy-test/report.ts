import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#scripts/check/project-files.ts';
import type { RemovedResource, StackTemplate } from './assembly.ts';
import type { Checks } from './checks.ts';
import { functionParts } from './function-hops.ts';
import { gaps } from './gaps.ts';
import type { Hop } from './hop.ts';
import { hops } from './hops.ts';

const nameOf = (properties: Readonly<Record<string, unknown>> | undefined, member: string): readonly string[] => {
  const name = properties?.[member];
  return typeof name === 'string' ? [name] : [];
};

/** Functions, rules of IoT and rules of EventBridge in the templates, by their names without stage. */
const partsOf = (templates: readonly StackTemplate[], stage: string): readonly string[] =>
  templates
    .flatMap(({ template }) =>
      Object.values(template.Resources).flatMap(({ Type, Properties }) => {
        if (Type === 'AWS::Lambda::Function') return nameOf(Properties, 'FunctionName');
        if (Type === 'AWS::IoT::TopicRule') return nameOf(Properties, 'RuleName');
        return Type === 'AWS::Events::Rule' ? nameOf(Properties, 'Name') : [];
      }),
    )
    .map((name) => name.replace(`rotunda-${stage}-`, '').replace(`_${stage}`, ''));

/** Throws where a part of the templates belongs to no hop of the list, or a test that a hop or gap names is not there. */
export const checkHops = (templates: readonly StackTemplate[], stage: string): void => {
  const known = new Set([...functionParts, ...hops.flatMap(({ rules = [] }) => rules)]);
  const missing = partsOf(templates, stage).filter((name) => !known.has(name));
  if (missing.length > 0) throw new Error(`in no hop: ${missing.join(', ')}`);
  const named = [
    ...gaps.map(({ asserted }) => asserted),
    ...hops.flatMap(({ state, note }) => (state === 'asserted' ? [note ?? ''] : [])),
  ];
  const absent = [...new Set(named)].filter((file) => !existsSync(join(projectRoot, file)));
  if (absent.length > 0) throw new Error(`no such test: ${absent.join(', ')}`);
};

const outcome = ({ state, checks: names }: Hop, checks: Checks): string =>
  names.every((name) => checks.passed(name)) ? state : 'FAILED';

/** The table of hops, what was taken out, put right, swapped, and what nothing here enforces. */
export const printReport = (checks: Checks, removed: readonly RemovedResource[]): void => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say('\nHops');
  const outcomes = hops.map((hop) => ({ hop, seen: outcome(hop, checks) }));
  for (const { hop, seen } of outcomes)
    say(`  ${seen.padEnd(9)} ${hop.hop}${hop.note === undefined ? '' : `  [${hop.note}]`}`);
  const count = (state: string): number => outcomes.filter(({ seen }) => seen === state).length;
  const states = ['driven', 'bridged', 'asserted', 'FAILED'].map((state) => `${count(state)} ${state}`);
  say(`  ${states.join(', ')} of ${hops.length}`);
  say('\nTaken out of what was deployed, since the emulator does not know it');
  for (const what of new Set(removed.map((one) => one.what)))
    say(`  ${removed.filter((one) => one.what === what).length} ${what}`);
  say('\nWhat the emulator lacks, as probed');
  for (const { lacks, instead, asserted } of gaps)
    say(`  ${lacks}${instead === undefined ? '' : `; ${instead}`}  [${asserted}]`);
  say('\nSwapped by the test');
  for (const line of swapped) say(`  ${line}`);
  say('\nNot shown by this run');
  for (const line of notShown) say(`  ${line}`);
};

const swapped = [
  'the address of every AWS service, in the environment',
  "where functions fetch the user pool's keys, where meters connect, and whom they trust: settings of the functions",
  'schedules: every minute in place of a quarter of an hour or a day',
  'how the emulator reads the signature of a request over HTTP/2, which the stream is spoken to by: it knows no `:authority`',
  'how long a message that failed stays hidden: seconds in place of minutes, for the one that goes to the dead letters',
];

const notShown = [
  'anything about time, load or cost',
  'encryption, archives, backups, expiry of items, lifecycle of objects',
  'the firewall, limits of calls, access logs, traces, alarms, metrics',
  'retries of streams and rules, batches cut in halves, records given up',
  'the runtime and the processor of functions: they run on the Node of this machine',
];
