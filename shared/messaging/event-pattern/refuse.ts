import { DomainError } from '#shared/vocabulary/errors.ts';

/** What EventBridge calls the refusal of a pattern; stands in `extra.exception` of every refusal. */
export const eventPatternException = 'InvalidEventPatternException';

/**
 * What is wrong with a pattern: `invalid` it is not JSON, `shape` its build, `operator` an operator nobody knows, `value` what an
 * operator was given, `too-complex` a limit.
 */
export type PatternFault = 'invalid' | 'shape' | 'operator' | 'value' | 'too-complex';

/** Refuses a pattern in EventBridge's words (they are its library's), and says where. */
export const refusePattern = (fault: PatternFault, pointer: string, reason: string): never => {
  const code = `pattern.${fault}`;
  throw new DomainError(
    fault === 'invalid' ? 'syntax' : 'invalid',
    code,
    `Event pattern is not valid. Reason: ${reason} at ${pointer === '' ? 'the top' : pointer}`,
    { errors: [{ pointer, code, message: reason }], extra: { exception: eventPatternException } },
  );
};

/** Pointer (RFC 6901) of a member below another. */
export const below = (pointer: string, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
