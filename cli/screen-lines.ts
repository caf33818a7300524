import { visibleLine } from '#shared/vocabulary/plain-text.ts';

/** How a line is to catch the eye, where the terminal can. */
export type LineStyle = 'strong' | 'alarm' | 'faint';

/** A line that is drawn. */
export interface ScreenLine {
  readonly text: string;
  readonly style?: LineStyle;
}

/** What is drawn of one thing: its line, or several. */
export type Drawn = readonly (string | ScreenLine)[];

/** A line within a screen: its label, or room for one, and what follows. */
export interface LabelledLine extends ScreenLine {
  readonly label?: string;
}

/** Parts of a line, without those that there are not. */
export const joined = (...parts: readonly (string | undefined | null | false)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');

/** Lines with a label before the first. */
export const labelled = (label: string, lines: Drawn): readonly LabelledLine[] =>
  lines.map((line, index) => ({
    ...(typeof line === 'string' ? { text: line } : line),
    label: index === 0 ? label : '',
  }));

/** The first of a list, and how many more there are. */
export const some = <Item>(items: readonly Item[], most: number, draw: (item: Item) => Drawn): Drawn => [
  ...items.slice(0, most).flatMap(draw),
  ...(items.length > most ? [{ text: `… ${items.length - most} more (--all)`, style: 'faint' as const }] : []),
];

/** The letters of a text on as many lines as they need, broken at blanks where there are any; what goes on stands further in. */
const broken = (text: string, width: number): readonly string[] => {
  const indent = ' '.repeat(Math.min(text.length - text.trimStart().length + 2, Math.floor(width / 2)));
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const at = rest.findIndex((letter) => letter !== ' ') < blank ? blank : width;
    lines.push(rest.slice(0, at).join('').trimEnd());
    rest = [...indent, ...rest.slice(at).join('').trimStart()];
  }
  return [...lines, rest.join('')];
};

const labelWidth = 10;

/** Lines as they fit a terminal of some width; what is too long goes on below. */
export const fitted = (lines: readonly LabelledLine[], width: number): readonly ScreenLine[] =>
  lines.flatMap(({ label, text, style }) => {
    const room = Math.max(width - (label === undefined ? 0 : labelWidth), labelWidth);
    return broken(visibleLine(text), room).map((part, index) => ({
      text: `${label === undefined ? '' : (index === 0 ? label : '').padEnd(labelWidth)}${part}`,
      ...(style === undefined ? {} : { style }),
    }));
  });
