import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '#cli/program.ts';
import { processTerminal } from '#cli/terminal.ts';
import { measurements } from '#scripts/bench/measurements.ts';
import { linkComplaints } from '#scripts/check/links.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { describeStory } from '#scripts/seed/describe.ts';
import { treeComplaint } from '#tests/project/runbook-commands.ts';
import { blocksOf, isTyped, pagesForPeople, textOf } from './page-blocks.ts';
import { means, notTyped } from './page-examples.ts';
import { first, inline, typedPages } from './typed-pages.ts';

const program = buildProgram(processTerminal);

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
