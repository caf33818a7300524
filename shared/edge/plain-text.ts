import { DomainError } from '#shared/vocabulary/errors.ts';
import { unplainErrors } from '#shared/vocabulary/plain-text.ts';

/** Refuses what holds texts that would steer what shows them. `within` as of `parseOrRefuse`. */
export const refuseUnplain = (value: unknown, within: string): void => {
  const errors = unplainErrors(value, within);
  if (errors.length === 0) return;
  throw new DomainError('invalid', 'text.characters', 'A text holds characters that nobody sees: see errors.', {
    errors,
  });
};
