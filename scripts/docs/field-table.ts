import type { FieldMark } from '#shared/vocabulary/field-classes.ts';
import type { JsonSchema } from './json-schema.ts';
import { cell } from './markdown.ts';

/** One line of a field table. */
export interface FieldRow {
  /** Dotted path in `data`; `[]` behind a list. */
  readonly path: string;
  /** `in its form`: needed in that one of several forms that has it. */
  readonly required: 'yes' | 'no' | 'in its form';
  readonly type: string;
  readonly meaning: string;
}

type Part = JsonSchema | boolean | undefined;

const asSchema = (part: Part): JsonSchema => (typeof part === 'object' ? part : {});
const first = (part: JsonSchema['items']): JsonSchema => asSchema(Array.isArray(part) ? part[0] : part);

const isReference = (schema: JsonSchema): boolean => {
  const names = Object.keys(schema.properties ?? {});
  return names.length === 2 && names.includes('namespace') && names.includes('value');
};

const idKind = (schema: JsonSchema): string | undefined => /^\^([a-z]{3})_/.exec(schema.pattern ?? '')?.[1];

const numeric = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

const bounds = (schema: JsonSchema): string => {
  const above = numeric(schema.exclusiveMinimum);
  const low = numeric(schema.minimum) ?? above;
  const high = numeric(schema.maximum) ?? numeric(schema.exclusiveMaximum);
  if (low !== undefined && high !== undefined) return ` ${low} to ${high}`;
  if (low !== undefined) return above === undefined ? ` from ${low}` : ` above ${low}`;
  return high === undefined ? '' : ` up to ${high}`;
};

const textType = (schema: JsonSchema): string => {
  const kind = idKind(schema);
  if (kind !== undefined) return `id \`${kind}_…\``;
  if (schema.format === 'date') return 'date';
  if (schema.format === 'date-time') return 'instant';
  return schema.maxLength === undefined ? 'text' : `text, at most ${schema.maxLength}`;
};

/** Type of a value in a reader's words. */
export const typeOf = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return [...new Set(branches.map((branch) => typeOf(asSchema(branch))))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(first(schema.items))}`;
  if (schema.type === 'object') return isReference(schema) ? 'reference' : 'object';
  if (schema.type === 'string') return textType(schema);
  if (schema.type === 'integer' || schema.type === 'number') return `${schema.type}${bounds(schema)}`;
  return schema.type === undefined ? 'any' : String(schema.type);
};

/** Objects below a schema whose fields get lines of their own, each with the path they lie under. */
const objectsBelow = (path: string, schema: JsonSchema): readonly (readonly [string, JsonSchema])[] => {
  if (schema.type === 'array') return objectsBelow(`${path}[]`, first(schema.items));
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return branches.flatMap((branch) => objectsBelow(path, asSchema(branch)));
  return schema.properties !== undefined && !isReference(schema) ? [[path, schema]] : [];
};

const requirement = (name: string, schema: JsonSchema, oneOfSeveral: boolean): FieldRow['required'] => {
  if (!(schema.required?.includes(name) ?? false)) return 'no';
  return oneOfSeveral ? 'in its form' : 'yes';
};

const meaningOf = (schema: JsonSchema): string => {
  const standard = schema.default === undefined ? '' : ` Default \`${JSON.stringify(schema.default)}\`.`;
  return `${schema.description ?? ''}${standard}`.trim();
};

/** Lines for every field of an object schema, parents before what lies below them. */
export const fieldRows = (schema: JsonSchema, under = '', oneOfSeveral = false): readonly FieldRow[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const field = asSchema(part);
    const path = under === '' ? name : `${under}.${name}`;
    const required = requirement(name, schema, oneOfSeveral);
    const row = { path, required, type: typeOf(field), meaning: meaningOf(field) };
    const below = objectsBelow(path, field);
    return [row, ...below.flatMap(([place, object]) => fieldRows(object, place, below.length > 1))];
  });

/** Mark of a field: its own, or that of the nearest field above it. */
export const markOf = (path: string, marks: Readonly<Record<string, FieldMark>>): FieldMark | undefined => {
  for (let place = path; place !== ''; place = place.slice(0, Math.max(place.lastIndexOf('.'), 0))) {
    const mark = marks[place] ?? marks[place.replace(/\[\]$/, '')];
    if (mark !== undefined) return mark;
  }
  return undefined;
};

const needed = ({ required }: FieldRow): string => (required === 'no' ? '' : required);

/** The Markdown table of fields that carry no class. */
export const plainTable = (rows: readonly FieldRow[]): string =>
  [
    '| field | type | required | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| \`${row.path}\` | ${cell(row.type)} | ${needed(row)} | ${cell(row.meaning)} |`),
  ].join('\n');

/** The Markdown table of a fact's data. */
export const fieldTable = (rows: readonly FieldRow[], marks: Readonly<Record<string, FieldMark>>): string =>
  [
    '| field | type | required | class | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => {
      const mark = markOf(row.path, marks) ?? '';
      const named = mark === 'freeText' ? 'free text' : mark;
      return `| \`${row.path}\` | ${cell(row.type)} | ${needed(row)} | ${named} | ${cell(row.meaning)} |`;
    }),
  ].join('\n');
