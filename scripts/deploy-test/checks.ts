import { performance } from 'node:perf_hooks';

/** What must go well for anything after it to make sense; ends the run. */
export class Stop extends Error {}

interface Passed {
  readonly name: string;
  readonly ok: boolean;
}

/** What was checked, in order, printed as it goes. */
export class Checks {
  readonly #done: Passed[] = [];
  readonly #onFailure: (name: string, error: unknown) => Promise<void>;

  /** @param onFailure tells more of a failure, before the next check */
  constructor(onFailure: (name: string, error: unknown) => Promise<void>) {
    this.#onFailure = onFailure;
  }

  /** Runs one check; answers whether it passed. */
  async check(name: string, title: string, run: () => Promise<void>): Promise<boolean> {
    const started = performance.now();
    try {
      await run();
      this.#done.push({ name, ok: true });
      process.stdout.write(`  ok      ${title} (${Math.round(performance.now() - started)} ms)\n`);
      return true;
    } catch (error) {
      this.#done.push({ name, ok: false });
      process.stdout.write(`  FAILED  ${title}\n${indented(error)}\n`);
      await this.#onFailure(name, error);
      return false;
    }
  }

  /** As `check`; where it fails, the run ends. */
  async must(name: string, title: string, run: () => Promise<void>): Promise<void> {
    if (!(await this.check(name, title, run))) throw new Stop(title);
  }

  passed(name: string): boolean {
    const all = this.#done.filter((one) => one.name === name);
    return all.length > 0 && all.every(({ ok }) => ok);
  }

  get counts(): { readonly passed: number; readonly failed: number } {
    const passed = this.#done.filter(({ ok }) => ok).length;
    return { passed, failed: this.#done.length - passed };
  }
}

const indented = (error: unknown): string => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/^/gm, '          ');
};
