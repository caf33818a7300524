import { Listr } from 'listr2';
import type { Talk } from './talk.ts';

/** Something that takes a while; `tell` says how far it is. Its answer ends its line. */
export interface Step {
  readonly title: string;
  run(tell: (text: string) => void): Promise<string>;
}

/** `tree` redraws on a screen, `lines` writes a line for each end, `silent` writes nothing. */
export type Shown = 'tree' | 'lines' | 'silent';

/** Runs steps one after the other; the first that fails ends them with its error. */
export const runSteps = async (steps: readonly Step[], shown: Shown, talk: Talk): Promise<void> => {
  if (shown === 'tree') {
    const tasks = steps.map(({ title, run }) => ({
      title,
      task: async (_: unknown, task: { title?: string; output?: string }): Promise<void> => {
        const end = await run((text) => {
          task.output = text;
        });
        task.title = `${title}: ${end}`;
      },
    }));
    await new Listr(tasks, { rendererOptions: { showErrorMessage: false } }).run();
    return;
  }
  for (const { title, run } of steps) {
    const end = await run(() => undefined);
    if (shown === 'lines') talk.note(`${title}: ${end}`);
  }
};
