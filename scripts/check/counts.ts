import { posix } from 'node:path';
import type { Source } from './imports.ts';
import { importsOf, parseSource } from './read-imports.ts';
import { secondLists } from './second-lists.ts';
import { stringReads } from './string-reads.ts';

/** Folders of what runs and of what builds it; tests are counted apart. */
const sourceFolders = ['shared', 'functions', 'local', 'cli', 'infra', 'iot', 'scripts'];

const isSource = ({ path }: Source): boolean => sourceFolders.includes(path.split('/')[0] ?? '');

/** Lines that hold code: neither blank nor of a comment alone. */
export const codeLines = (text: string): number =>
  text.split('\n').filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line)).length;

/** The room of a file: a capability, an engine of `shared`, or a folder beside them. */
const roomOf = (path: string): string => {
  const [top = '', second = ''] = path.split('/');
  return (top === 'shared' || top === 'functions') && path.split('/').length > 2 ? `${top}/${second}` : top;
};

const byKey = <One>(all: readonly One[], keyOf: (one: One) => string): ReadonlyMap<string, readonly One[]> => {
  const groups = new Map<string, One[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
};

/** Groups of files that import each other in a circle, types included (strongly connected, by Tarjan's algorithm). */
export const importCircles = (sources: readonly Source[]): readonly (readonly string[])[] => {
  const known = new Set(sources.map(({ path }) => path));
  const targets = new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(parseSource(path, text)).flatMap(({ specifier }) => {
        const target = specifier.startsWith('#')
          ? specifier.slice(1)
          : posix.join(posix.dirname(path), specifier.startsWith('.') ? specifier : '');
        return known.has(target) ? [target] : [];
      }),
    ]),
  );
  const [index, low, stack, onStack] = [
    new Map<string, number>(),
    new Map<string, number>(),
    [] as string[],
    new Set(),
  ];
  const circles: string[][] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    onStack.add(path);
    for (const target of targets.get(path) ?? []) {
      if (!index.has(target)) visit(target);
      if (onStack.has(target)) low.set(path, Math.min(low.get(path) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    for (const one of circle) onStack.delete(one);
    if (circle.length > 1) circles.push(circle);
  };
  for (const path of targets.keys()) if (!index.has(path)) visit(path);
  return circles;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;

/** How the tree stands, as lines of a table: what a house of capabilities is judged by. */
export const counts = (all: readonly Source[]): readonly (readonly [what: string, figure: string])[] => {
  const sources = all.filter(isSource).map((one) => ({ ...one, lines: codeLines(one.text) }));
  const total = sources.reduce((sum, { lines }) => sum + lines, 0);
  const linesOf = (some: typeof sources): number => some.reduce((sum, { lines }) => sum + lines, 0);
  const rooms = [...byKey(sources, ({ path }) => roomOf(path))].map(
    ([room, files]) => [room, linesOf([...files])] as const,
  );
  const [largest = ['', 0]] = rooms.toSorted(([, one], [, other]) => other - one);
  const crowded = [...byKey(all, ({ path }) => posix.dirname(path))].filter(([, files]) => files.length > 40);
  const circles = importCircles(sources);
  const whole = sources.map(({ lines }) => lines).toSorted((one, other) => one - other);
  return [
    ['lines of source', String(total)],
    ['share of shared', percent(linesOf(sources.filter(({ path }) => path.startsWith('shared/'))), total)],
    ['largest room', `${largest[0]}, ${percent(largest[1], total)}`],
    ['folders of more than 40 files', crowded.map(([folder]) => folder).join(', ') || '0'],
    ['circles of imports, types included', String(circles.length)],
    [
      'second lists of functions',
      secondLists(sources)
        .map(({ path }) => path)
        .join(', ') || '0',
    ],
    ['fields of facts that rules read by a text', String(stringReads(sources).length)],
    ['lines of a file, median and 95th percentile', `${percentile(whole, 0.5)}, ${percentile(whole, 0.95)}`],
  ];
};
