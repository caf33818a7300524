import { type Block, blocksOf, isTyped, pagesForPeople, textOf } from './page-blocks.ts';
import { means, notTyped } from './page-examples.ts';

const isNotTyped = (block: Block): boolean => notTyped.some((one) => means(one, block));

/** Pages that are typed, the one before the other where the other needs what it brings in. */
export const first = ['README.md', 'docs/first-call.md', 'docs/identity.md', 'docs/self-service.md', 'docs/import.md'];
export const typedBlocks = (page: string): readonly Block[] =>
  blocksOf(page).filter((block) => isTyped(block) && !isNotTyped(block));
export const typedPages = [...first, ...pagesForPeople.filter((page) => !first.includes(page))].filter(
  (page) => typedBlocks(page).length > 0,
);

/** Commands that stand in a sentence. */
export const inline = pagesForPeople.flatMap((page) =>
  [
    ...textOf(page)
      .replaceAll(/```[\s\S]*?```/g, '')
      .matchAll(/`((?:npx rotunda|npm run rotunda --) [a-z][^`]*)`/g),
  ].map(([, command = '']) => ({ page, command })),
);
