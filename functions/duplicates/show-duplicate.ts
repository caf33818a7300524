import { contact, mayStand } from '#functions/customers/rules/contact-points.ts';
import type { AnswerOf } from '#functions/routes.ts';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { accountsHeld, accountsNow } from '#shared/profile/store/roles-held.ts';
import { type LoadedSubject, loadSubject } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import type { Comparison, Veto } from './rules/compare-persons.ts';
import { comparedInWords, comparisonInWords, levelInWords, vetoInWords } from './rules/comparison-words.ts';
import { evidence } from './rules/evidence.ts';
import type { Duplicate } from './store/duplicates.ts';

type Shown = AnswerOf<'listDuplicates'>['data'][number];
type ShownCustomer = Shown['customers'][number];

const customerBeside = async (table: Table, customer: LoadedSubject, today: string): Promise<ShownCustomer> => {
  const { subject, states } = customer;
  const { state } = stateOf(states, identity);
  const profile = profileOn(state, today);
  const name = shownName(profile);
  return {
    id: subject,
    kind: profile.kind,
    ...(name === null ? {} : { name }),
    ...(typeof profile.dateOfBirth === 'string' ? { dateOfBirth: profile.dateOfBirth } : {}),
    since: profile.since,
    contactPoints: stateOf(states, contact)
      .state.points.filter(mayStand)
      .flatMap(({ kind, value, verified, source }) => (isErased(value) ? [] : [{ kind, value, verified, source }])),
    ...accountsNow(await accountsHeld(table, customer, today), today),
    sources: Object.keys(state.records),
  };
};

/** The older record first; of two of one day, by their ids. */
export const byAge = (
  one: { readonly id: string; readonly since?: string | null | undefined },
  other: { readonly id: string; readonly since?: string | null | undefined },
): number => {
  const [a, b] = [`${one.since ?? '9999'} ${one.id}`, `${other.since ?? '9999'} ${other.id}`];
  return a < b ? -1 : 1;
};

const isVeto = (code: string): code is Veto =>
  code === 'generation' || code === 'gender' || code === 'verified-birth-date';

const comparisonsOf = (duplicate: Duplicate): readonly Comparison[] =>
  duplicate.comparisons.flatMap(([name, level, weight]) => {
    const known = evidence.find((piece) => piece.name === name);
    return known === undefined ? [] : [{ name: known.name, level, weight }];
  });

/** A question with both records as they stand now, side by side: two Queries. */
export const showDuplicate = async (profile: Table, duplicate: Duplicate, today: string): Promise<Shown> => {
  const loaded = await Promise.all([loadSubject(profile, duplicate.first), loadSubject(profile, duplicate.second)]);
  return {
    id: duplicate.id,
    band: duplicate.band,
    probability: duplicate.probability,
    score: duplicate.bits,
    before: duplicate.before,
    comparisons: comparisonsOf(duplicate).map((comparison) => ({
      field: comparedInWords(comparison.name),
      agreement: levelInWords(comparison),
      weight: comparison.weight,
      text: comparisonInWords(comparison),
    })),
    vetoes: duplicate.vetoes.filter(isVeto).map((code) => ({ code, text: vetoInWords(code) })),
    claimedBy: duplicate.claimedBy,
    customers: (await Promise.all(loaded.map((one) => customerBeside(profile, one, today)))).sort(byAge),
    foundAt: duplicate.foundAt,
  };
};
