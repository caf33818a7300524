/** One command of a transcript and the answer the page shows. */
export interface Step {
  readonly command: string;
  readonly answer: string;
}

const blocks = (page: string): readonly string[] =>
  [...page.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);

/** The steps of a page: in ```console blocks, a line that begins with `$ ` is a command, the lines after it are its answer. */
export const stepsOf = (page: string): readonly Step[] =>
  blocks(page).flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((part) => part.trim() !== '')
      .map((part): Step => {
        const lines = part.trimEnd().split('\n');
        const last = lines.findIndex((line) => !line.endsWith('\\'));
        return { command: lines.slice(0, last + 1).join('\n'), answer: lines.slice(last + 1).join('\n') };
      }),
  );

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether an answer is what the page shows; `…` stands for anything. */
export const fits = (shown: string, answer: string): boolean =>
  new RegExp(`^${shown.split('…').map(literal).join('[\\s\\S]*')}$`).test(answer.trimEnd());
