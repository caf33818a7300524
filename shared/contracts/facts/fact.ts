import type * as z from 'zod';
import type { factDefinitions } from '#functions/fact-types.ts';
import type { Erased, KeptFact } from '#shared/vocabulary/fact.ts';
import type { SealedMark } from '#shared/vocabulary/field-classes.ts';
import type { FactDefinition } from './definition.ts';
import type { Retraction } from './envelope.ts';

/** Every definition of the catalogue but those of retractions, which are made of these. */
type Definition = (typeof factDefinitions)[number];

/** Nothing that a fact says is changed by who reads it. */
type Unchanging<Value> = Value extends readonly (infer Entry)[]
  ? readonly Unchanging<Entry>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: Unchanging<Value[Name]> }
    : Value;

/** The field of data that a marked path lies in: the whole of it is sealed where part of it is. */
type FieldOf<Path> = Path extends `${infer Field}.${string}`
  ? FieldOf<Field>
  : Path extends `${infer Field}[${string}`
    ? Field
    : Path;

type SealedFields<Marks> = {
  [Path in keyof Marks]: Marks[Path] extends SealedMark ? FieldOf<Path> : never;
}[keyof Marks];

/**
 * Data of a fact as rules read it: parsed, what it names as ids, what is sealed perhaps erased. Any field may be absent: who wrote
 * the fact may have known none of that name, its contract may let it be left out, and what is sealed is not there before it is opened.
 */
type DataOf<Schema extends z.ZodType, Marks, Resolves> = {
  readonly [Field in keyof z.output<Schema>]?:
    | (Field extends keyof Resolves ? string : Unchanging<z.output<Schema>[Field]>)
    | (Field extends SealedFields<Marks> ? Erased : never)
    | undefined;
};

type FactsByType = {
  readonly [Each in Definition as Each['type']]: Each extends FactDefinition<
    infer Schema,
    infer Type,
    infer Marks,
    infer Resolves
  >
    ? KeptFact<Type, DataOf<Schema, Marks, Resolves>>
    : never;
};

type EntityOf<Type> = Type extends `${infer Domain}.${infer Entity}.${string}` ? `${Domain}.${Entity}` : never;
type RetractionType = `${EntityOf<keyof FactsByType>}.retracted.v1`;
/** A fact that takes another one back. */
export type RetractionFact = KeptFact<
  RetractionType,
  DataOf<typeof Retraction, { readonly reason: 'freeText' }, object>
>;

/**
 * A fact of a type that is not in the catalogue, as newer code may have written it: it stands on the record, and changes nothing. Its
 * type is any other text; the name stands for all of these, so that a rule can tell the known ones apart.
 */
type UnknownFact = KeptFact<'unknown'>;

/** A fact whose data was held against the contract of its type: a rule asks for `type` and reads the fields that it then has. */
export type Fact = FactsByType[keyof FactsByType] | RetractionFact | UnknownFact;

export type KnownType = keyof FactsByType;

/** A fact of one type, or of one of several. */
export type FactOf<Type extends KnownType> = FactsByType[Type];
