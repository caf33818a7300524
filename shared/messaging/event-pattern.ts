import { DomainError } from '#shared/vocabulary/errors.ts';

/**
 * Event patterns in EventBridge's form: an object whose leaves are lists of alternatives, each a plain value or `{ prefix }`.
 * Members must all match; a list in the event matches where one of its values does. An operator that is not known here is
 * refused, never ignored.
 */
export type EventMatcher = (event: unknown) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (code: string, pointer: string, message: string): never => {
  throw new DomainError('invalid', `pattern.${code}`, message, {
    errors: [{ pointer, code: `pattern.${code}`, message }],
  });
};

const compileAlternative = (alternative: unknown, pointer: string): EventMatcher => {
  if (!isRecord(alternative)) {
    if (Array.isArray(alternative)) refuse('shape', pointer, 'A list of a pattern holds plain values and operators.');
    return (value) => value === alternative;
  }
  const [operator = '', ...others] = Object.keys(alternative);
  if (operator !== 'prefix' || others.length > 0)
    return refuse(
      'operator',
      pointer,
      `The operator ${JSON.stringify(operator)} is not supported; exact values and prefix are.`,
    );
  const { prefix } = alternative;
  if (typeof prefix !== 'string') return refuse('shape', pointer, 'prefix takes a text.');
  return (value) => typeof value === 'string' && value.startsWith(prefix);
};

const compileList = (alternatives: readonly unknown[], pointer: string): EventMatcher => {
  if (alternatives.length === 0) refuse('shape', pointer, 'A list of a pattern has at least one alternative.');
  const matchers = alternatives.map((alternative, index) => compileAlternative(alternative, `${pointer}/${index}`));
  const matchesOne = (value: unknown): boolean => matchers.some((matches) => matches(value));
  return (value) => (Array.isArray(value) ? value.some(matchesOne) : matchesOne(value));
};

const compileMember = (pattern: unknown, pointer: string): EventMatcher => {
  if (Array.isArray(pattern)) return compileList(pattern, pointer);
  if (!isRecord(pattern))
    return refuse('shape', pointer, 'A member of a pattern is an object or a list of alternatives.');
  const members = Object.entries(pattern).map(([name, member]) => {
    if (name.startsWith('$')) refuse('operator', `${pointer}/${name}`, `The operator ${name} is not supported.`);
    return [name, compileMember(member, `${pointer}/${name}`)] as const;
  });
  if (members.length === 0) refuse('shape', pointer, 'An object of a pattern has at least one member.');
  const matchesRecord = (value: unknown): boolean =>
    isRecord(value) && members.every(([name, matches]) => Object.hasOwn(value, name) && matches(value[name]));
  return (value) => (Array.isArray(value) ? value.some(matchesRecord) : matchesRecord(value));
};

/** Compiles a pattern. Throws DomainError('invalid', 'pattern.operator' | 'pattern.shape') with a pointer to what is wrong. */
export const compileEventPattern = (pattern: unknown): EventMatcher => {
  if (!isRecord(pattern)) return refuse('shape', '', 'A pattern is an object.');
  return compileMember(pattern, '');
};
