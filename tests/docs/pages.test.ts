import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measurements } from '#scripts/bench/measurements.ts';
import { linkComplaints } from '#scripts/check/links.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { buildProgram } from '#scripts/rotunda/program.ts';
import { processTerminal } from '#scripts/rotunda/terminal.ts';
import { describeStory } from '#scripts/seed/describe.ts';
import { treeComplaint } from '#tests/project/runbook-commands.ts';
import { runSteps } from '#tests/scripts/first-call/run-transcript.ts';
import { fits } from '#tests/scripts/first-call/transcript.ts';
import { type StartedSystem, startSystem } from '#tests/support/started-system.ts';
import { type Block, blocksOf, isTyped, pagesForPeople, textOf, typedOf } from './page-blocks.ts';
import { beforePage, means, notTyped, openPageFolder, placeholders } from './page-examples.ts';

const program = buildProgram(processTerminal);

const isNotTyped = (block: Block): boolean => notTyped.some((one) => means(one, block));

/** Pages that are typed, the one before the other where the other needs what it brings in. */
const first = ['README.md', 'docs/first-call.md', 'docs/identity.md', 'docs/self-service.md', 'docs/import.md'];
const typedBlocks = (page: string): readonly Block[] =>
  blocksOf(page).filter((block) => isTyped(block) && !isNotTyped(block));
const typedPages = [...first, ...pagesForPeople.filter((page) => !first.includes(page))].filter(
  (page) => typedBlocks(page).length > 0,
);

/** What a page says differs from day to day: how long ago things were, and when it was looked. */
const withoutAges = (text: string): string =>
  text.replaceAll(/(\d+ (s|min|h|d)|…) ago/g, 'a while ago').replaceAll(/^fresh +(\S+ \S+Z|…) /gm, 'fresh ');

const stepsOfPage = (page: string) =>
  typedBlocks(page).flatMap((block) =>
    typedOf(block).map((step) => ({
      ...step,
      typed: placeholders
        .filter((one) => one.page === page)
        .reduce((command, { shown, is }) => command.replaceAll(shown, is), step.command),
    })),
  );

const ended = /\nended with (\d+)$/;

/** Types a page into a shell and gives what came of each of its steps. */
const typePage = async (page: string, url: string, folder: string) => {
  const steps = stepsOfPage(page);
  const before = (beforePage[page] ?? []).map((command) => ({ command, answer: '' }));
  const typed = steps.map(({ typed: command, anyAnswer, answer }) => ({
    command: anyAnswer ? `${command}\nprintf '\\nended with %s' $?` : command,
    answer,
  }));
  const answers = await runSteps([...before, ...typed], url, folder);
  return steps.map((step, index) => ({ ...step, given: answers[before.length + index] ?? '' }));
};

/** What is wrong with what came of a step; undefined where it is what the page says. */
const complaintOf = ({ command, answer, anyAnswer, given }: Awaited<ReturnType<typeof typePage>>[number]) => {
  if (!anyAnswer)
    return fits(withoutAges(answer), withoutAges(given))
      ? undefined
      : `$ ${command}\nshown:\n${answer}\ngiven:\n${given}`;
  const was = Number(ended.exec(given)?.[1]);
  return was === 0 ? undefined : `$ ${command}\nended with ${was}:\n${given}`;
};

/** Commands that stand in a sentence. */
const inline = pagesForPeople.flatMap((page) =>
  [
    ...textOf(page)
      .replaceAll(/```[\s\S]*?```/g, '')
      .matchAll(/`((?:npx rotunda|npm run rotunda --) [a-z][^`]*)`/g),
  ].map(([, command = '']) => ({ page, command })),
);

const missing = ['bash', 'curl', 'sed', 'grep', 'gzip'].filter(
  (one) => spawnSync(one, ['--version']).error !== undefined,
);
if (missing.length > 0) console.log(`the pages are not typed: no ${missing.join(', ')} on this machine`);

describe.skipIf(missing.length > 0 && process.env.CI !== 'true')('typed at a system that `npm start` started', () => {
  const folder = openPageFolder();
  let small: StartedSystem;
  let least: StartedSystem;

  beforeAll(async () => {
    const until = ['--until', '2026-11-24'];
    [small, least] = await Promise.all([
      startSystem({}, [...until, '--customers', '24']),
      startSystem({}, [...until, '--customers', '1']),
    ]);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([small.stop(), least.stop()]);
    rmSync(folder, { recursive: true });
  }, 60_000);

  it.each(typedPages)(
    '%s answers as it shows',
    async (page) => {
      const came = await typePage(page, small.url, folder);
      expect(came.length).toBeGreaterThan(0);
      expect(came.flatMap((one) => complaintOf(one) ?? [])).toEqual([]);
    },
    240_000,
  );

  it('whom the page of the seeded utility speaks of is there', async () => {
    const commands = inline.filter(({ page }) => page === 'docs/seeded-utility.md').map(({ command }) => command);
    expect(commands).toHaveLength(2);
    const steps = commands.map((command) => ({ command: `${command}\nprintf '\\nended with %s' $?`, answer: '' }));
    const [shown, disputes] = await runSteps(steps, small.url, folder);
    expect(shown).toMatch(/Harbour Court[\s\S]*8 more[\s\S]*ended with 0$/);
    expect(disputes).toMatch(/1 in dispute[\s\S]*[(]imports[)][\s\S]*ended with 0$/);
  }, 120_000);

  it('the README speaks of somebody whom also a utility of one customer has', async () => {
    const came = await typePage('README.md', least.url, folder);
    expect(came.flatMap((one) => complaintOf(one) ?? [])).toEqual([]);
  }, 120_000);
});

describe('what pages show', () => {
  it('is typed by a test, or stands in the list of what no test types', () => {
    const all = pagesForPeople.flatMap((page) => blocksOf(page)).filter(isTyped);
    expect(notTyped.filter((one) => !all.some((block) => means(one, block)))).toEqual([]);
    expect(typedPages).toEqual(
      expect.arrayContaining([...first, 'docs/export.md', 'docs/insight.md', 'docs/matching.md', 'docs/search.md']),
    );
  });

  it.each(blocksOf('docs/commands.md').map(({ text }) => text.trim()))('%s is a command', (usage) => {
    const words = usage
      .split(' ')
      .slice(1)
      .filter((word) => /^[a-z]/.test(word));
    const named = words.reduce<Command | undefined>(
      (command, word) => command?.commands.find((one) => one.name() === word),
      program,
    );
    expect(named).toBeDefined();
  });

  it.each(inline)('$page: $command exists', ({ command }) => {
    const words = command.replace(/^npx rotunda |^npm run rotunda -- /, '').split(/\s+/);
    expect(treeComplaint(program, words)).toBeUndefined();
  });

  it('names scripts and measurements that exist', () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
    const said = pagesForPeople.flatMap((page) =>
      [...textOf(page).matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name),
    );
    expect(said.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
    const names = pagesForPeople.flatMap((page) =>
      [...textOf(page).matchAll(/npm run bench -- ((?:[a-z0-9]+ ?)+)/g)].flatMap(([, words = '']) =>
        words.trim().split(' '),
      ),
    );
    expect(names.filter((name) => !measurements.some((one) => one.name.toLowerCase().startsWith(name)))).toEqual([]);
  });

  it.each(pagesForPeople)('%s names no file that is not there', (page) => {
    const text = textOf(page);
    expect(linkComplaints(projectRoot, page, text)).toEqual([]);
    const paths = [...text.matchAll(/`((?:docs|functions|infra|iot|scripts|shared|tests)\/[A-Za-z0-9_./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  it('speaks in the README of the first customer of the seeded utility, by name', () => {
    const options = {
      seed: 'rotunda',
      customers: 1,
      months: 13,
      until: '2026-11-24',
      zone: 'Europe/London',
      currency: 'GBP',
    };
    const [known] = describeStory(options);
    expect(textOf('README.md')).toContain(`search "${known?.names[0]?.toLowerCase()}"`);
  });
});
