import {
  $ZodArray,
  $ZodBoolean,
  $ZodDefault,
  $ZodEnum,
  $ZodLiteral,
  $ZodNullable,
  $ZodNumber,
  $ZodNumberFormat,
  $ZodObject,
  $ZodOptional,
  $ZodRecord,
  $ZodString,
  type $ZodType,
  $ZodUnion,
} from 'zod/v4/core';
import { isErased, type KeptFact } from '#shared/vocabulary/fact.ts';
import { sealedMarks } from '#shared/vocabulary/field-classes.ts';
import { factTypes, isRetraction } from './catalogue.ts';
import type { FactDefinition } from './definition.ts';
import { Retraction } from './envelope.ts';
import type { Fact, RetractionFact } from './fact.ts';

type Fits = (value: unknown) => boolean;
type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fitsMembers = (shape: Readonly<Record<string, $ZodType>>): Fits => {
  const members = Object.entries(shape).map(([name, schema]) => [name, fitsOf(schema)] as const);
  return (value) => isMembers(value) && members.every(([name, fits]) => fits(value[name]));
};

/**
 * Whether a value is of the type that a schema gives back. Its bounds are not asked for: they were when the fact came in, and may
 * have been others then.
 */
const fitsOf = (schema: $ZodType): Fits => {
  if (schema instanceof $ZodString) return (value) => typeof value === 'string';
  if (schema instanceof $ZodNumberFormat) return Number.isSafeInteger;
  if (schema instanceof $ZodNumber) return (value) => typeof value === 'number';
  if (schema instanceof $ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof $ZodEnum || schema instanceof $ZodLiteral) {
    const values: ReadonlySet<unknown> = schema._zod.values;
    return (value) => values.has(value);
  }
  if (schema instanceof $ZodDefault) return fitsOf(schema._zod.def.innerType);
  if (schema instanceof $ZodOptional) {
    const fits = fitsOf(schema._zod.def.innerType);
    return (value) => value === undefined || fits(value);
  }
  if (schema instanceof $ZodNullable) {
    const fits = fitsOf(schema._zod.def.innerType);
    return (value) => value === null || fits(value);
  }
  if (schema instanceof $ZodUnion) {
    const options = schema._zod.def.options.map(fitsOf);
    return (value) => options.some((fits) => fits(value));
  }
  if (schema instanceof $ZodArray) {
    const fits = fitsOf(schema._zod.def.element);
    return (value) => Array.isArray(value) && value.every(fits);
  }
  if (schema instanceof $ZodRecord) {
    const fits = fitsOf(schema._zod.def.valueType);
    return (value) => isMembers(value) && Object.values(value).every(fits);
  }
  if (schema instanceof $ZodObject) return fitsMembers(schema._zod.def.shape);
  throw new TypeError(`facts have no data of the kind ${schema._zod.def.type}`);
};

/** What each field of a type's data must be: an id where it names a thing, perhaps erased where it is sealed. */
const fieldsOf = ({
  data,
  marks,
  resolves,
}: Pick<FactDefinition, 'data' | 'marks' | 'resolves'>): ReadonlyMap<string, Fits> => {
  if (!(data instanceof $ZodObject)) throw new TypeError('the data of a fact is an object');
  const sealed = new Set(
    Object.entries(marks).flatMap(([path, mark]) => (sealedMarks.has(mark) ? [path.split(/[.[]/, 1)[0]] : [])),
  );
  return new Map(
    Object.entries(data._zod.def.shape).map(([field, schema]) => {
      const fits = Object.hasOwn(resolves, field) ? (value: unknown) => typeof value === 'string' : fitsOf(schema);
      return [field, sealed.has(field) ? (value: unknown) => isErased(value) || fits(value) : fits];
    }),
  );
};

/** Of every retraction, also of an entity that newer code knows. */
const retraction = { data: Retraction, marks: { reason: 'freeText' }, resolves: {} } as const;

/** Made when a type is first met: a function that starts needs few of them. */
const fieldsByType = new Map<string, ReadonlyMap<string, Fits>>();

const fieldsOfType = (type: string): ReadonlyMap<string, Fits> | undefined => {
  const known = fieldsByType.get(type);
  if (known !== undefined) return known;
  const definition = isRetraction(type) ? retraction : factTypes.get(type);
  if (definition === undefined) return undefined;
  const fields = fieldsOf(definition);
  fieldsByType.set(type, fields);
  return fields;
};

/** Whether a fact takes another one back. */
export const isRetractionFact = (fact: Fact): fact is RetractionFact => isRetraction(fact.type);

/** Whether a value may stand in a field; one that the contract does not name is no rule's to read. */
const mayStand = (fields: ReadonlyMap<string, Fits>, field: string, value: unknown): boolean =>
  value === undefined || (fields.get(field)?.(value) ?? true);

const isFact = (kept: KeptFact): kept is Fact => {
  const fields = fieldsOfType(kept.type);
  if (fields === undefined) return true;
  for (const field in kept.data) if (!mayStand(fields, field, kept.data[field])) return false;
  return true;
};

/**
 * The one place where what was kept becomes a fact that rules read: each field of its data is of the type that its contract says,
 * or is not there. It never throws: the door has checked what came in, but old facts stand, and those of newer code.
 */
export const asFact = (kept: KeptFact): Fact => {
  if (isFact(kept)) return kept;
  const fields = fieldsOfType(kept.type) ?? new Map<string, Fits>();
  const data = Object.entries(kept.data).filter(([field, value]) => mayStand(fields, field, value));
  return asFact({ ...kept, data: Object.fromEntries(data) });
};
