import type { Moment } from '#shared/store/as-of.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { stored } from '#shared/vocabulary/instants.ts';

const notYet = (field: string): DomainError => {
  const message = `${field} must not lie in the future: what is to come would change the answer`;
  return new DomainError('invalid', 'moment.future', message, {
    errors: [{ pointer: `/query/${field}`, code: 'moment.future', message }],
  });
};

/**
 * The moment a request asks for; undefined where it asks for now. `knownAt` alone asks for what was known then of that time.
 * @param now milliseconds
 */
export const momentOf = (
  query: { readonly asOf?: string | undefined; readonly knownAt?: string | undefined },
  now: number,
): Moment | undefined => {
  if (query.asOf === undefined && query.knownAt === undefined) return undefined;
  const today = stored(now);
  const knownAt = query.knownAt === undefined ? today : stored(query.knownAt);
  const asOf = query.asOf === undefined ? knownAt : stored(query.asOf);
  if (asOf > today) throw notYet('asOf');
  if (knownAt > today) throw notYet('knownAt');
  return { asOf, knownAt };
};
