import type { FieldError } from './errors.ts';

/**
 * Characters that no text needs and that steer what shows it: controls (C0, DEL, C1), marks and overrides of direction, separators
 * of lines and paragraphs, halves of surrogate pairs. A joiner or non-joiner of letters stays: scripts need them.
 */
const steering = String.raw`\p{Cc}\p{Surrogate}\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F`;
const anySteering = new RegExp(`[${steering}]`, 'u');
const everySteering = new RegExp(`\r\n|[${steering}]`, 'gu');
/** Tabs and line ends, as texts of several lines have them. */
const layout = /\r\n|[\t\n]/g;

/** Members that hold text of several lines. */
const ofSeveralLines: ReadonlySet<string> = new Set(['csr', 'description', 'handover', 'note', 'reason', 'summary']);

/** Whether a text holds nothing that steers what shows it; in one of several lines, tabs and line ends are no such thing. */
export const isPlain = (text: string, severalLines = false): boolean =>
  !anySteering.test(severalLines ? text.replace(layout, '') : text);

const isLayout = (character: string): boolean => character === '\r\n' || character === '\n' || character === '\t';
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A text that is safe to show: what steers stands as its escape (`\u202e`), which means the same within JSON. Tabs and line ends stay.
 */
export const visible = (text: string): string =>
  anySteering.test(text)
    ? text.replace(everySteering, (character) => (isLayout(character) ? character : escaped(character)))
    : text;

/** The same of what is to stand on one line. */
export const visibleLine = (text: string): string => visible(text.replace(/[\r\n\t]+/g, ' '));

const pointerTo = (within: string, name: string): string =>
  `${within}/${visibleLine(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const mostErrors = 20;

/** JSON pointers to the texts of a value, and the names of its members, that hold what steers. */
const unplainTexts = (value: unknown, within: string): readonly string[] => {
  const found: string[] = [];
  const look = (part: unknown, pointer: string, member: string): void => {
    if (found.length >= mostErrors) return;
    if (typeof part === 'string') {
      if (!isPlain(part, ofSeveralLines.has(member))) found.push(pointer);
    } else if (Array.isArray(part)) for (const [index, one] of part.entries()) look(one, `${pointer}/${index}`, member);
    else if (typeof part === 'object' && part !== null)
      for (const [name, one] of Object.entries(part)) {
        const place = pointerTo(pointer, name);
        if (isPlain(name)) look(one, place, name);
        else if (found.length < mostErrors) found.push(place);
      }
  };
  look(value, within, '');
  return found;
};

/**
 * A complaint of each text of a value that would steer what shows it, by its JSON pointer, at most 20. The member a text stands in
 * says whether it may have several lines.
 */
export const unplainErrors = (value: unknown, within = ''): readonly FieldError[] =>
  unplainTexts(value, within).map((pointer) => ({
    pointer,
    code: 'text.characters',
    message: 'must hold no control or direction characters',
  }));
