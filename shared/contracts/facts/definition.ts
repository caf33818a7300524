import type * as z from 'zod';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { FieldMark } from '#shared/vocabulary/field-classes.ts';
import type { IdKind, SubjectKind } from '#shared/vocabulary/ids.ts';
import type { IdOrReference, ReferenceKind } from '#shared/vocabulary/references.ts';
import type { Category, Severity } from '#shared/vocabulary/statuses.ts';
import type { PlaceInFold } from './place-in-fold.ts';

/**
 * A subject as a fact names it. `kind` is what the reference names: a service point or meter stands for its premise.
 * `self` is the thing this very fact creates.
 */
export type NamedSubject =
  | { readonly kind: SubjectKind | 'servicePoint'; readonly named: IdOrReference; readonly pointer: string }
  | { readonly kind: SubjectKind; readonly self: true };

/** `<domain>.<entity>.<past-verb>.v<n>` */
export type FactType = `${string}.${string}.${string}.v${number}`;
type Marks = Readonly<Record<string, FieldMark>>;
type Resolves = Readonly<Record<string, ReferenceKind>>;

/**
 * One fact type: everything the system knows about it that is not a rule. Its name, marks and named things are kept as types, too:
 * what rules may read of a fact follows from them (`fact.ts`).
 */
export interface FactDefinition<
  Schema extends z.ZodType = z.ZodType,
  Type extends FactType = FactType,
  OwnMarks extends Marks = Marks,
  OwnResolves extends Resolves = Resolves,
> {
  readonly type: Type;
  readonly title: string;
  readonly description: string;
  /** Its place among other facts of its family: what it rests on, and its turn where instants are equal. */
  readonly inFold: PlaceInFold;
  /** What only the last of several facts of one instant says: two that share an entry are told apart by `sourceSequence` alone. */
  readonly contends?: (data: z.output<Schema>) => readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  readonly data: Schema;
  /** A mark for each leaf of `data` by dotted path (`name.family`, `lines[].amount`); a path covers what lies below it. */
  readonly marks: OwnMarks;
  /**
   * Class of the fact itself, where its being there says something: who may not see the class is not told that it is there.
   * By a plain member of `data` where that decides; `plain` where absent.
   */
  readonly whole?:
    | FieldMark
    | { readonly by: string; readonly cases: Readonly<Record<string, FieldMark>>; readonly otherwise: FieldMark };
  /** 1 to 3 subjects, the first primary, and the family that folds the fact in each. */
  readonly subjects: (data: z.output<Schema>) => readonly (NamedSubject & { readonly family: FamilyName })[];
  /** Kind of the thing this fact creates; its id is derived from the fact's. */
  readonly creates?: IdKind;
  /** Things it names by id or reference, turned into ids before it is stored: field of data -> kind. Subjects' fields too. */
  readonly resolves: OwnResolves;
  /** Field of data that the store fills where the sender left it out: what is known of the thing another field names. */
  readonly fills?: Readonly<
    Record<string, 'premise-of-outage' | 'serial-of-meter' | 'survivor-of-merge' | 'alias-of-merge'>
  >;
  /** The person the sealed fields speak of; without one, the primary subject. */
  readonly owner?: (data: z.output<Schema>) => NamedSubject | undefined;
  /** Numbers by which what it creates is found: kept with the fact, since states forget what is closed. */
  readonly numbers?: (data: z.output<Schema>) => readonly { readonly kind: 'bill'; readonly value: string }[];
  /** The field of a payment that it takes back: who may is said by who booked it, and another's word is refused. */
  readonly takesBack?: 'payment';
  /** The field of an amount that is bounded as payments are; a fact with more is kept aside. */
  readonly bounded?: 'amount';
  /** The field of an amount that must be in the currency of the account, its primary subject; else the fact is kept aside. */
  readonly inAccountCurrency?: 'amount';
  /** Only this system says it, of what it judged or was told by people at its own routes: no other source may declare it. */
  readonly ownOnly?: true;
  /** At least one; each is a test case and stands in the docs. */
  readonly examples: readonly [FactExample<z.input<Schema>>, ...FactExample<z.input<Schema>>[]];
}

export interface FactExample<Data> {
  readonly name: string;
  readonly data: Data;
}

/** Keeps the types of schema, name, marks and named things while checking the shape. */
export const defineFact = <
  Schema extends z.ZodType,
  Type extends FactType,
  OwnMarks extends Marks,
  OwnResolves extends Resolves,
>(
  definition: FactDefinition<Schema, Type, OwnMarks, OwnResolves>,
): FactDefinition<Schema, Type, OwnMarks, OwnResolves> => definition;
