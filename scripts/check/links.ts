import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Links of a Markdown page to other files of the project: `[text](path)`, without addresses and anchors of the page itself. */
const linksOf = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#', 1)[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

/** Links that lead nowhere, as `path: target`. */
export const linkComplaints = (root: string, path: string, text: string): readonly string[] =>
  linksOf(text)
    .filter((target) => !existsSync(target.startsWith('/') ? join(root, target) : join(root, dirname(path), target)))
    .map((target) => `${path}: leads to ${target}, which is not there`);
