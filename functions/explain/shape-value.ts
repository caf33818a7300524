import type { ResponseMark } from '#shared/contracts/api/definition.ts';
import { view360Marks } from '#shared/contracts/api/view.ts';
import type { AnswerMark, FieldView } from '#shared/domain/access/field-matrix.ts';
import { type AnswerMarks, shape } from '#shared/domain/access/shape.ts';
import type { Place } from './locate.ts';

/** Marks of the view, and of what may be explained besides. */
const marks: AnswerMarks = { ...view360Marks, 'customer.dateOfBirth': 'identity' };

const plainMark = (mark: ResponseMark): AnswerMark => (mark === 'shaped' ? 'internal' : mark);

/** Members that decide for a whole entry: what they may not see of it they may not learn by its explanation. */
const gravest: readonly AnswerMark[] = [
  'special',
  'financial',
  'usage',
  'contact',
  'identity',
  'freeText',
  'internal',
  'name',
];

const markAt = (pattern: string, holder: Place['holder']): AnswerMark | undefined => {
  const mark = marks[pattern];
  if (mark === undefined) return undefined;
  if (typeof mark === 'string') return plainMark(mark);
  const key = holder?.[mark.by];
  return (typeof key === 'string' ? mark.cases[key] : undefined) ?? mark.otherwise;
};

/** The class of what stands at a place: of the path itself, of what covers it, or the gravest of what lies below. */
export const markOfPlace = ({ pattern, holder, entries }: Place): AnswerMark => {
  // An alert says the same in each of its members.
  if (pattern.startsWith('alerts[]')) return markAt('alerts[].text', entries[0]) ?? 'internal';
  const covering = [...pattern.matchAll(/\.|\[\]|$/g)]
    .map(({ index }) => pattern.slice(0, index))
    .findLast((path) => marks[path] !== undefined);
  const own = covering === undefined ? undefined : markAt(covering, holder);
  if (own !== undefined) return own;
  const below = Object.keys(marks)
    .filter((path) => path.startsWith(`${pattern}.`) || path.startsWith(`${pattern}[`))
    .flatMap((path) => markAt(path, undefined) ?? []);
  return gravest.find((mark) => below.includes(mark)) ?? (below.length > 0 ? 'plain' : 'internal');
};

/** A value as a caller may see it, and whether it is less than the whole. */
export const shapedValue = (
  value: unknown,
  mark: AnswerMark,
  view: FieldView,
): { readonly value: unknown; readonly masked: boolean } => {
  const shaped = shape({ value }, { value: mark }, view);
  const shown = shaped.value;
  return {
    value: typeof shown === 'object' && shown !== null && 'value' in shown ? shown.value : undefined,
    masked: shaped.masked.length > 0,
  };
};
