import type { Moment } from '#shared/profile/store/as-of.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { stored } from '#shared/vocabulary/instants.ts';

const notYet = (fields: readonly string[]): DomainError => {
  const message = 'must not lie in the future: what is to come would change the answer';
  return new DomainError('invalid', 'moment.future', `${fields.join(' and ')} ${message}`, {
    errors: fields.map((field) => ({ pointer: `/query/${field}`, code: 'moment.future', message })),
  });
};

/** What a query asks for, in the stored form; nothing where it asks for now. */
export const askedMoment = (query: Readonly<Record<string, unknown>> = {}): Partial<Moment> => {
  const { asOf, knownAt } = query;
  return {
    ...(typeof asOf === 'string' ? { asOf: stored(asOf) } : {}),
    ...(typeof knownAt === 'string' ? { knownAt: stored(knownAt) } : {}),
  };
};

/** The record that a request on a customer names, before any merge is followed: whom it stood for then is another matter. */
export const recordNamed = async (
  profile: Table,
  { params, subjectId }: { readonly params: Readonly<Record<string, string>>; readonly subjectId?: string },
): Promise<string> => (await resolveNamed(profile, 'customer', params.id ?? '')) ?? subjectId ?? '';

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
  const asked = askedMoment(query);
  const ahead = Object.entries(asked).flatMap(([field, at]) => (at > today ? [field] : []));
  if (ahead.length > 0) throw notYet(ahead);
  const { knownAt = today, asOf = knownAt } = asked;
  return { asOf, knownAt };
};
