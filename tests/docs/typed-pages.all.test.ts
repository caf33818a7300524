import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fromSources } from '#scripts/bench/import-processes.ts';
import { runSteps } from '#tests/scripts/first-call/run-transcript.ts';
import { fits } from '#tests/scripts/first-call/transcript.ts';
import { type StartedSystem, startSystem } from '#tests/support/started-system.ts';
import { typedOf } from './page-blocks.ts';
import { beforePage, openPageFolder, placeholders } from './page-examples.ts';
import { inline, typedBlocks, typedPages } from './typed-pages.ts';

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
  const answers = await runSteps([...before, ...typed], { url, folder, program: inject('builtRotunda') });
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
      startSystem({}, [...until, '--customers', '1'], fromSources.start),
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
    const [shown, disputes] = await runSteps(steps, { url: small.url, folder, program: inject('builtRotunda') });
    expect(shown).toMatch(/Harbour Court[\s\S]*8 more[\s\S]*ended with 0$/);
    expect(disputes).toMatch(/1 in dispute[\s\S]*[(]imports[)][\s\S]*ended with 0$/);
  }, 120_000);

  it('the README speaks of somebody whom also a utility of one customer has', async () => {
    const came = await typePage('README.md', least.url, folder);
    expect(came.flatMap((one) => complaintOf(one) ?? [])).toEqual([]);
  }, 120_000);
});
