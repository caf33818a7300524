import { readdirSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/** How a run of tests ended. An error outside any test, or a file that does not load, counts as one failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the tests of a finished run. */
export const tally = (modules: readonly TestModule[], unhandled: number): Tally => {
  const count = { passed: 0, failed: unhandled, skipped: 0 };
  for (const module of modules) {
    count.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') count.passed += 1;
      else if (state === 'failed') count.failed += 1;
      else count.skipped += 1;
    }
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
  }
  return count;
};

/** `12 passed, 0 failed`, and what was skipped where anything was. */
export const closingLine = (count: Tally): string =>
  `${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`;

/** Prints the closing line, alone on the last line of the run, so that a program can read how it ended. */
export class ClosingLine implements Reporter {
  readonly #all: boolean;
  #line: string | undefined;

  constructor(all: boolean) {
    this.#all = all;
  }

  onInit(): void {
    process.once('exit', () => {
      if (this.#line === undefined) return;
      const elsewhere = this.#all ? 0 : countFilesOfAll();
      if (elsewhere > 0) {
        process.stdout.write(`not run here: ${elsewhere} test file(s) that need a second program (npm run test:all)\n`);
      }
      process.stdout.write(`${this.#line}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.#line = closingLine(tally(modules, unhandled.length));
  }
}

const countFilesOfAll = (): number =>
  readdirSync('tests', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.all.test.ts')).length;
