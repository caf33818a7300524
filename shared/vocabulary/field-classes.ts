/** What a field says about a person; decides who may see it and whether it is sealed at rest. */
export const fieldClasses = ['identity', 'contact', 'financial', 'usage', 'special', 'internal'] as const;
export type FieldClass = (typeof fieldClasses)[number];

/**
 * Mark of a field in a fact's contract: its class, `freeText` (of class `internal`, sealed, since people write names into it),
 * or `plain` for ids, dates and statuses, which are shown with the fact and never sealed.
 */
export type FieldMark = FieldClass | 'freeText' | 'plain';

/** Marks whose values are sealed under the key of the person they speak of. */
const marksSealed = ['identity', 'contact', 'special', 'freeText'] as const satisfies readonly FieldMark[];
export type SealedMark = (typeof marksSealed)[number];
export const sealedMarks: ReadonlySet<FieldMark> = new Set<FieldMark>(marksSealed);
