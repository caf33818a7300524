import { fieldClasses } from '#shared/vocabulary/field-classes.ts';
import type { Purpose, StaffRole } from '#shared/vocabulary/statuses.ts';

/**
 * How a field stands to a reader: in full, as `•••1234`, only that it is there, or not at all.
 * Ordered from most to least.
 */
export const visibilities = ['shown', 'masked', 'present', 'hidden'] as const;
export type Visibility = (typeof visibilities)[number];

/**
 * Mark of a field in an answer: its class, or a part of a class with a rule of its own.
 * `name` is the identity field staff need at a door; `lastReading` the usage field they need at a meter; `listed` a contact
 * value in a list or search; `freeText` what staff wrote or are to say, for those who speak with people; `plain` an id, date,
 * status or count that says nothing by itself.
 */
export const answerMarks = [
  'identity',
  'name',
  'contact',
  'listed',
  'financial',
  'usage',
  'lastReading',
  'special',
  'internal',
  'freeText',
  'plain',
] as const;
export type AnswerMark = (typeof answerMarks)[number];

/** What one reader sees of each mark. */
export type FieldView = Readonly<Record<AnswerMark, Visibility>>;

/** What a row of the matrix may name: the classes, and the parts of one that have a rule of their own. */
export const matrixColumns = [...fieldClasses, 'name', 'lastReading', 'freeText'] as const;

export type Row = Readonly<Partial<Record<(typeof matrixColumns)[number], Visibility>>>;

const desk: Row = {
  identity: 'shown',
  contact: 'shown',
  financial: 'shown',
  usage: 'shown',
  special: 'present',
  internal: 'shown',
  freeText: 'shown',
};

/** The field matrix: class by role. What a row does not name is hidden. */
export const fieldMatrix: Readonly<Record<StaffRole, Row>> = {
  agent: desk,
  billing: desk,
  supervisor: { ...desk, special: 'shown' },
  privacy: { ...desk, special: 'shown' },
  // Contact fields need an open job at the place; until work orders exist nobody in the field has one.
  field: { name: 'shown', lastReading: 'shown', internal: 'shown' },
  auditor: { internal: 'shown' },
  operator: { internal: 'shown' },
};

/** What a role sees besides, for one purpose. */
export const fieldMatrixByPurpose: Readonly<Partial<Record<StaffRole, Partial<Record<Purpose, Row>>>>> = {
  field: { safety: { special: 'shown' } },
};

/** What a customer sees of their own. */
export const ownFields: Row = {
  identity: 'shown',
  contact: 'shown',
  financial: 'shown',
  usage: 'shown',
  special: 'shown',
};

/** What each scope shows a machine. */
export const fieldsByScope: Readonly<Record<string, Row>> = {
  'customers:read': { identity: 'shown', contact: 'shown', financial: 'shown', lastReading: 'shown' },
  'usage:read': { usage: 'shown' },
};

const better = (one: Visibility, other: Visibility): Visibility =>
  visibilities.indexOf(one) <= visibilities.indexOf(other) ? one : other;

/** Joins rows: the most that any of them allows; nothing where there is none. */
export const viewOf = (rows: readonly Row[]): FieldView => {
  const of = (name: keyof Row): Visibility =>
    rows.reduce<Visibility>((best, row) => better(best, row[name] ?? 'hidden'), 'hidden');
  const contact = of('contact');
  return {
    identity: of('identity'),
    name: better(of('identity'), of('name')),
    contact,
    listed: contact === 'shown' ? 'masked' : contact,
    financial: of('financial'),
    usage: of('usage'),
    lastReading: better(of('usage'), of('lastReading')),
    special: of('special'),
    internal: of('internal'),
    freeText: of('freeText'),
    plain: 'shown',
  };
};

/** Shows everything: for the system itself, and for what is not about a person. */
export const fullView: FieldView = viewOf([
  Object.fromEntries(matrixColumns.map((column): [(typeof matrixColumns)[number], Visibility] => [column, 'shown'])),
]);
