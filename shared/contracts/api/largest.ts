import * as z from 'zod';
import { anyCharacter, type Part, type Sequence, textsOf } from './pattern.ts';

type Node = z.core.JSONSchema.BaseSchema;

/** How many bytes a text takes where it is written. */
interface Writing {
  /** Most bytes of a UTF-16 unit that is one of these of ASCII, or of others too. */
  readonly unit: (ascii: string, others: boolean) => number;
  /** Around a text. */
  readonly quotes: number;
}

const largest = (numbers: readonly number[]): number => numbers.reduce((most, one) => Math.max(most, one), 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** As JSON that is ASCII alone: what is beyond is `\u0416`. */
const inJson: Writing = {
  unit: (ascii, others) => (others ? 6 : largest([...ascii].map((one) => JSON.stringify(one).length - 2))),
  quotes: 2,
};

/** As a value of a query, percent-encoded: up to three bytes of UTF-8 for a unit, and three characters for each of them. */
const inQuery: Writing = {
  unit: (ascii, others) => (others ? 9 : largest([...ascii].map((one) => encodeURIComponent(one).length))),
  quotes: 0,
};

const times = (count: number, bytes: number): number => (count === 0 || bytes === 0 ? 0 : count * bytes);

const ofPart = ({ of, most }: Part, writing: Writing): number =>
  times(most, 'ascii' in of ? writing.unit(of.ascii, of.others) : ofTexts(of, writing));

const ofTexts = (texts: readonly Sequence[], writing: Writing): number =>
  largest(texts.map((parts) => sum(parts.map((part) => ofPart(part, writing)))));

/** Bytes of the widest character of the texts of a pattern. */
const widestOf = (texts: readonly Sequence[], writing: Writing): number =>
  largest(texts.flat().map(({ of }) => ('ascii' in of ? writing.unit(of.ascii, of.others) : widestOf(of, writing))));

const unbounded = (place: string, what: string): RangeError =>
  new RangeError(`${place === '' ? 'all of it' : place} has no bound: ${what}`);

/** Of a list of items by place nothing is read: contracts have none. */
const nodeOf = (node: boolean | Node | readonly (boolean | Node)[] | undefined): Node =>
  typeof node === 'object' && !Array.isArray(node) ? { ...node } : {};

const ofString = ({ maxLength, pattern, allOf = [] }: Node, writing: Writing, place: string): number => {
  const patterns = [pattern, ...allOf.map((one) => nodeOf(one).pattern)].filter((one) => one !== undefined);
  const texts = patterns.map((one) => textsOf(one));
  const widest = Math.min(writing.unit(anyCharacter.ascii, true), ...texts.map((one) => widestOf(one, writing)));
  const most = maxLength ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(most * widest, ...texts.map((one) => ofTexts(one, writing)));
  if (!Number.isFinite(bytes)) throw unbounded(place, 'a text of any length');
  return bytes + writing.quotes;
};

/** The longest double: sign, 17 digits with a point, exponent. */
const longestDouble = '-1.2345678901234567e-300'.length;

/** Of a number as it is written without need: no zeros behind it, no exponent of a whole one. */
const ofNumber = ({ type, minimum, maximum }: Node): number => {
  if (type !== 'integer' || minimum === undefined || maximum === undefined) return longestDouble;
  return largest([minimum, maximum].map((one) => String(one).length));
};

const ofValue = (value: unknown, writing: Writing): number => {
  if (typeof value !== 'string') return JSON.stringify(value).length;
  return writing.quotes + sum([...value].map((one) => writing.unit(one, one > '\u007f') * one.length));
};

const ofObject = (node: Node, place: string): number => {
  if (node.additionalProperties !== false) throw unbounded(place, 'members of any name');
  const members = Object.entries(node.properties ?? {}).map(
    ([name, member]) =>
      `"${name}": `.length + largestOf(nodeOf(member), inJson, place === '' ? name : `${place}.${name}`),
  );
  return '{}'.length + sum(members) + ', '.length * Math.max(0, members.length - 1);
};

const ofArray = ({ maxItems, items }: Node, place: string): number => {
  if (maxItems === undefined) throw unbounded(place, 'a list of any length');
  const each = largestOf(nodeOf(items), inJson, `${place}[]`) + ', '.length;
  return '[]'.length + Math.max(0, maxItems * each - ', '.length);
};

const largestOf = (node: Node, writing: Writing, place: string): number => {
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined) return largest(options.map((option) => largestOf(nodeOf(option), writing, place)));
  if (node.const !== undefined) return ofValue(node.const, writing);
  if (node.enum !== undefined) return largest(node.enum.map((value) => ofValue(value, writing)));
  switch (node.type) {
    case 'string':
      return ofString(node, writing, place);
    case 'number':
    case 'integer':
      return ofNumber(node);
    case 'boolean':
      return 'false'.length;
    case 'null':
      return 'null'.length;
    case 'object':
      return ofObject(node, place);
    case 'array':
      return ofArray(node, place);
    default:
      throw unbounded(place, 'a value of any kind');
  }
};

const nodeOfSchema = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/**
 * Bytes of the largest JSON that a schema takes, as programs write it by default: ASCII alone, a blank behind each comma and
 * colon, no other white space, none around texts that are trimmed. RangeError that names the place that has no bound.
 */
export const largestJson = (schema: z.ZodType): number => largestOf(nodeOfSchema(schema), inJson, '');

/** Bytes of the longest query that a schema of one takes, percent-encoded. RangeError as of `largestJson`. */
export const longestQuery = (schema: z.ZodType): number => {
  const members = Object.entries(nodeOfSchema(schema).properties ?? {}).map(
    ([name, member]) => `${name}=`.length + largestOf(nodeOf(member), inQuery, name),
  );
  return sum(members) + Math.max(0, members.length - 1);
};
