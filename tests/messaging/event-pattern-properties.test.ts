import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '#shared/messaging/event-pattern.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

const names = fc.constantFrom('a', 'b', 'c');
const leaf = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'ba', '10.0.0.1', 'Ä'),
  fc.constantFrom(0, -1, 2.5, 1e21),
  fc.boolean(),
  fc.constant(null),
);
type Leaf = string | number | boolean | null;
type Tree = Leaf | readonly Tree[] | { readonly [name: string]: Tree };

const { tree } = fc.letrec<{ tree: Tree; object: Readonly<Record<string, Tree>> }>((tie) => ({
  object: fc.dictionary(names, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree'), { maxLength: 3 }), tie('object')),
}));
const event = fc.dictionary(names, tree, { maxKeys: 3, noNullPrototype: true });

const isObject = (value: Tree): value is { readonly [name: string]: Tree } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Picked {
  readonly path: readonly string[];
  readonly value: Leaf;
}

/** The leaves of an event, of each list those of its first element only, so that they go together. */
const leavesOf = (value: Tree, path: readonly string[] = []): readonly Picked[] => {
  if (Array.isArray(value)) return value.length === 0 ? [] : leavesOf(value[0], path);
  if (isObject(value)) return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
  return typeof value === 'object' && value !== null ? [] : [{ path, value }];
};

const operand = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.constantFrom('10.0.0.0/8', '*a*'));
const operator = fc.constantFrom(
  ...['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'anything-but', 'numeric', 'exists', 'cidr', 'exactly'],
);
const expression = fc.oneof(
  leaf,
  fc.tuple(operator, operand).map(([name, value]) => ({ [name]: value })),
  fc.tuple(operator, operator, operand).map(([outer, inner, value]) => ({ [outer]: { [inner]: value } })),
);
const conditions = fc.array(expression, { minLength: 1, maxLength: 3 });
const patternLike = fc.dictionary(
  fc.constantFrom('a', 'b', 'a.b', '$or'),
  fc.oneof(conditions, fc.dictionary(names, conditions, { maxKeys: 2, noNullPrototype: true })),
  { maxKeys: 3, noNullPrototype: true },
);

const text = fc.constantFrom('a', 'ab', 'b');
const valid = fc.oneof(
  leaf,
  fc
    .constantFrom('prefix', 'suffix', 'equals-ignore-case', 'wildcard')
    .chain((name) => text.map((value) => ({ [name]: value }))),
  fc.array(text, { minLength: 1, maxLength: 2 }).map((texts) => ({ 'anything-but': texts })),
  fc.boolean().map((value) => ({ exists: value })),
  fc.constantFrom({ numeric: ['>', 0] }, { cidr: '10.0.0.0/8' }, { 'anything-but': 0 }),
);
const validPattern = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'a.b', 'b.a'),
  fc.array(valid, { minLength: 1, maxLength: 2 }),
  { minKeys: 1, maxKeys: 3, noNullPrototype: true },
);

const compiled = (pattern: unknown): ReturnType<typeof compileEventPattern> | undefined => {
  try {
    return compileEventPattern(pattern);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

describe('for any event', () => {
  it('any JSON is read as a pattern or refused with a reason', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.json(), fc.string(), patternLike), event, (pattern, given) => {
        const matches = compiled(pattern);
        if (matches !== undefined) expect(typeof matches(given)).toBe('boolean');
      }),
    );
  });

  it('a pattern of leaves picked from it matches it', () => {
    fc.assert(
      fc.property(event, fc.infiniteStream(fc.boolean()), (given, chosen) => {
        const picked = leavesOf(given).filter(() => chosen.next().value);
        fc.pre(picked.length > 0);
        const pattern = Object.fromEntries(picked.map(({ path, value }) => [path.join('.'), [value]]));
        expect(compileEventPattern(pattern)(given)).toBe(true);
      }),
    );
  });

  it('a pattern with two ways matches where one of them does', () => {
    fc.assert(
      fc.property(validPattern, validPattern, event, (left, right, given) => {
        const [one, other] = [compileEventPattern(left), compileEventPattern(right)];
        expect(compileEventPattern({ $or: [left, right] })(given)).toBe(one(given) || other(given));
      }),
    );
  });

  it.each(['prefix', 'suffix', 'wildcard', 'equals-ignore-case'])(
    'anything but %s is the opposite of it on a text, and says nothing where there is none',
    (name) => {
      fc.assert(
        fc.property(
          fc.string({ unit: 'grapheme' }),
          fc.string({ minLength: 1 }),
          fc.boolean(),
          (value, text, there) => {
            const operand = name === 'wildcard' ? `*${text.replaceAll(/[\\*]/g, '\\$&')}*` : text;
            const given = there ? { a: value } : {};
            const [is, isNot] = [
              compiled({ a: [{ [name]: operand }] }),
              compiled({ a: [{ 'anything-but': { [name]: operand } }] }),
            ];
            fc.pre(is !== undefined && isNot !== undefined);
            expect([is?.(given), isNot?.(given)]).toEqual(there ? [is?.(given), !is?.(given)] : [false, false]);
          },
        ),
      );
    },
  );

  it('anything but some values is the opposite of those values on a leaf', () => {
    const values = fc.oneof(
      fc.array(fc.constantFrom('', 'a', 'ab'), { minLength: 1 }),
      fc.array(fc.constantFrom(0, 2.5, 1e21), { minLength: 1 }),
    );
    fc.assert(
      fc.property(values, leaf, (excluded, value) => {
        const [is, isNot] = [
          compileEventPattern({ a: excluded }),
          compileEventPattern({ a: [{ 'anything-but': excluded }] }),
        ];
        expect(isNot({ a: value })).toBe(!is({ a: value }));
      }),
    );
  });

  it('a value and the text of it are one', () => {
    fc.assert(
      fc.property(validPattern, event, (pattern, given) => {
        const matches = compileEventPattern(pattern);
        expect(matches(JSON.stringify(given))).toBe(matches(given));
      }),
    );
  });
});
