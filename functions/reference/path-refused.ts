import { DomainError } from '#shared/vocabulary/errors.ts';

/** The refusal of what a path names, where it is not of the form the route takes. */
export const pathRefused = (message: string): DomainError =>
  new DomainError('invalid', 'path.invalid', 'A part of the path is not of the form that this route takes.', {
    errors: [{ pointer: '/path/id', code: 'field.invalid-value', message }],
  });
