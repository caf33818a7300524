import { view360Marks } from '#functions/view.ts';
import type { AnswerMark, FieldView } from '#shared/access/field-matrix.ts';
import { type AnswerMarks, shape } from '#shared/access/shape.ts';
import type { ResponseMark } from '#shared/contracts/api/definition.ts';
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

const gravestOf = (found: readonly AnswerMark[]): AnswerMark | undefined =>
  gravest.find((mark) => found.includes(mark)) ?? found[0];

/** The mark of a path; where a member beside it decides and none is known, the gravest it may be. */
const markAt = (pattern: string, holder: Place['holder']): AnswerMark | undefined => {
  const mark = marks[pattern];
  if (mark === undefined) return undefined;
  if (typeof mark === 'string') return plainMark(mark);
  if (holder === undefined) return gravestOf([...Object.values(mark.cases), mark.otherwise]);
  const key = holder[mark.by];
  return (typeof key === 'string' ? mark.cases[key] : undefined) ?? mark.otherwise;
};

const hasPartsMarked = (pattern: string): boolean =>
  Object.keys(marks).some((path) => path.startsWith(`${pattern}.`) || path.startsWith(`${pattern}[`));

/** Paths from the outermost to a place, each with a mark. */
const markedPathsTo = (pattern: string): readonly string[] => {
  const steps = pattern.split(/(?=\.|\[\])/);
  return steps.map((_, last) => steps.slice(0, last + 1).join('')).filter((path) => marks[path] !== undefined);
};

/** The class of what stands at a place: of the path itself, of what covers it, or the gravest of what lies below. */
export const markOfPlace = ({ pattern, holder, entries }: Place): AnswerMark => {
  // An alert says the same in each of its members.
  if (pattern.startsWith('alerts[]')) return markAt('alerts[].text', entries[0]) ?? 'internal';
  const own = hasPartsMarked(pattern) ? undefined : markedPathsTo(pattern).at(-1);
  const mark = own === undefined ? undefined : markAt(own, holder);
  if (mark !== undefined) return mark;
  const below = Object.keys(marks)
    .filter((path) => path.startsWith(`${pattern}.`) || path.startsWith(`${pattern}[`))
    .flatMap((path) => markAt(path, undefined) ?? []);
  return gravestOf(below) ?? 'internal';
};

/**
 * Whether who has this view is told of what stands at a place: neither it nor anything it is part of is hidden from them. Why a
 * value is what it is tells that it is there.
 */
export const isPlaceTold = (place: Place, view: FieldView): boolean => {
  const { pattern, entries } = place;
  const parts = markedPathsTo(pattern).flatMap((path) => markAt(path, entries[0]) ?? []);
  return [...parts, ...(hasPartsMarked(pattern) ? [] : [markOfPlace(place)])].every((mark) => view[mark] !== 'hidden');
};

/** What a caller may see, and whether it is less than the whole. */
interface ShapedValue {
  readonly value: unknown;
  readonly masked: boolean;
}

const shapedBy = (value: unknown, by: AnswerMarks, view: FieldView): ShapedValue => {
  const shaped = shape({ value }, by, view);
  const shown = shaped.value;
  return {
    value: typeof shown === 'object' && shown !== null && 'value' in shown ? shown.value : undefined,
    masked: shaped.masked.length > 0,
  };
};

/** A value of one class. */
export const shapedValue = (value: unknown, mark: AnswerMark, view: FieldView): ShapedValue =>
  shapedBy(value, { value: mark }, view);

/** What stands at a place: a part of the view as the view itself is shown. */
export const shapedPlace = (place: Place, view: FieldView): ShapedValue => {
  const { pattern, value } = place;
  if (!hasPartsMarked(pattern) || pattern.startsWith('alerts[]')) return shapedValue(value, markOfPlace(place), view);
  const within = Object.entries(marks).filter(
    ([path]) => path.startsWith(`${pattern}.`) || path.startsWith(`${pattern}[`),
  );
  const relative = within.map(([path, mark]) => [`value${path.slice(pattern.length)}`, mark] as const);
  return shapedBy(value, Object.fromEntries(relative), view);
};
