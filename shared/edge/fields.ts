import type * as z from 'zod';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';

const escapeSegment = (segment: PropertyKey): string => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');

/** JSON pointer of a path. */
export const pointerOf = (path: readonly PropertyKey[], within = ''): string =>
  `${within}${path.map((segment) => `/${escapeSegment(segment)}`).join('')}`;

const code = (issue: z.core.$ZodIssue): string => `field.${issue.code.replaceAll('_', '-')}`;

const errorsOf = (issue: z.core.$ZodIssue, within: string): FieldError[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key], within),
      code: code(issue),
      message: 'is not known here',
    }));
  }
  return [{ pointer: pointerOf(issue.path, within), code: code(issue), message: issue.message }];
};

const mostErrors = 20;

/** Each complaint of a schema, by JSON pointer, at most 20. Values are never repeated. */
export const fieldErrors = (error: z.ZodError, within = ''): readonly FieldError[] =>
  error.issues.flatMap((issue) => errorsOf(issue, within)).slice(0, mostErrors);

/** Parses by a schema or refuses with 422 and pointers. `within` is `/query` for a query, empty for a body. */
export const parseOrRefuse = (schema: z.ZodType, value: unknown, within: string, name: string): unknown => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', `${name}.invalid`, `The ${name} does not fit: see errors.`, {
    errors: fieldErrors(parsed.error, within),
  });
};
