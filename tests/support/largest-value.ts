import * as z from 'zod';
import { type Part, type Sequence, textsOf } from '#shared/contracts/api/pattern.ts';

type Node = z.core.JSONSchema.BaseSchema;

const nodeOf = (node: boolean | Node | readonly (boolean | Node)[] | undefined): Node =>
  typeof node === 'object' && !Array.isArray(node) ? { ...node } : {};

/** JSON as a program writes it that knows ASCII alone and leaves a blank behind each comma and colon (Python's json.dumps). */
export const written = (value: unknown): string => {
  if (typeof value === 'string') {
    const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return JSON.stringify(value).replace(/[^\0-\x7f]/g, escaped);
  }
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${written(name)}: ${written(member)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
};

/** A letter that is six bytes in JSON and two in UTF-8. */
const letter = 'Ж';

const longest = <Value>(values: readonly Value[], length: (value: Value) => number): Value => {
  const [first, ...rest] = values;
  if (first === undefined) throw new RangeError('nothing to choose from');
  return rest.reduce((most, one) => (length(one) > length(most) ? one : most), first);
};

const leastOf = (texts: readonly Sequence[]): number =>
  Math.min(...texts.map((parts) => parts.reduce((sum, { of, least }) => sum + least * leastOfOne(of), 0)));
const leastOfOne = (of: Part['of']): number => ('ascii' in of ? 1 : leastOf(of));

/** A longest text of a part, of at most so many units. */
const fillPart = ({ of, least, most }: Part, units: number): string => {
  const each = leastOfOne(of);
  const count = Math.max(least, Math.min(most, each === 0 ? least : Math.floor(units / each)));
  if ('ascii' in of) {
    const character = of.others ? letter : longest([...of.ascii], (one) => JSON.stringify(one).length);
    return character.repeat(count);
  }
  let text = '';
  for (let place = 0; place < count; place += 1) text += fill(of, units - text.length - (count - place - 1) * each);
  return text;
};

/** A longest text that a pattern matches, of at most so many units. */
const fill = (texts: readonly Sequence[], units: number): string =>
  longest(
    texts
      .filter((parts) => leastOf([parts]) <= units)
      .map((parts) => {
        let rest = units - leastOf([parts]);
        return parts
          .map((part) => {
            const least = part.least * leastOfOne(part.of);
            const text = fillPart(part, rest + least);
            rest -= text.length - least;
            return text;
          })
          .join('');
      }),
    (text) => text.length,
  );

const text = ({ maxLength = Number.POSITIVE_INFINITY, pattern }: Node): string =>
  pattern === undefined ? letter.repeat(maxLength) : fill(textsOf(pattern), maxLength);

const largestOf = (node: Node): unknown => {
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined)
    return longest(
      options.map((option) => largestOf(nodeOf(option))),
      (one) => written(one).length,
    );
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return longest(node.enum, (one) => written(one).length);
  if (node.type === 'string') return text(node);
  if (node.type === 'integer') return longest([node.maximum ?? 0, node.minimum ?? 0], (one) => String(one).length);
  if (node.type === 'boolean') return false;
  if (node.type === 'null') return null;
  if (node.type === 'array') return Array.from({ length: node.maxItems ?? 0 }, () => largestOf(nodeOf(node.items)));
  if (node.type === 'object') {
    return Object.fromEntries(
      Object.entries(node.properties ?? {}).map(([name, one]) => [name, largestOf(nodeOf(one))]),
    );
  }
  throw new RangeError(`no largest value of ${JSON.stringify(node)}`);
};

/** The largest value a schema takes, all members present and every text, list and number as long as it may be. */
export const largestValue = (schema: z.ZodType): unknown =>
  largestOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
