import { randomUUID } from 'node:crypto';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import type { LocalSystem } from './system.ts';

const noteName = 'forget-deleted';
const nothing = 'done';

/** Notes that something was erased whose bytes are in files still; a kill does not lose it. */
export const noteErased = (store: Pick<LevelStore, 'positions'>): Promise<void> =>
  store.positions.set(noteName, 0, randomUUID());

/** Makes what was erased gone from the files of the store, too, once every reader has passed it. */
export class Forgetting {
  readonly #system: Pick<LocalSystem, 'store' | 'drain'>;
  readonly #logger: Logger;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(system: Pick<LocalSystem, 'store' | 'drain'>, logger: Logger) {
    this.#system = system;
    this.#logger = logger;
  }

  /** Begins, where something is noted and nothing is under way. */
  wake(): void {
    if (this.#isStopped || this.#running !== undefined) return;
    this.#running = this.#run()
      .catch((error: unknown) => {
        if (!this.#isStopped) this.#logger.error('store.not-forgotten', { cause: causeName(error) });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #run(): Promise<void> {
    const { store, drain } = this.#system;
    for (;;) {
      const noted = await store.positions.get(noteName, 0);
      if (noted === undefined || noted === nothing || this.#isStopped) return;
      if (!(await drain()) || this.#isStopped) return;
      await store.forgetDeleted();
      // What was erased meanwhile is noted anew.
      if ((await store.positions.get(noteName, 0)) === noted) await store.positions.set(noteName, 0, nothing);
    }
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Begins nothing more, and waits for what is under way; what is noted is done after the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }
}
