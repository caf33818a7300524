import { account, maxPremises, servedBy } from '#shared/profile/rules/account.ts';
import { type Agreement, effectiveAgreements } from '#shared/profile/rules/agreements.ts';
import { isOver, overlaps, type Period, shared, unitedPeriods } from '#shared/profile/rules/periods.ts';
import { serviceAt, serviceWithoutPoint, toldAgreements } from '#shared/profile/rules/service-at.ts';
import type { States } from '#shared/profile/rules/states.ts';

/** An agreement as far as it goes in the time of somebody who has left: once for each of the stretches that were theirs. */
export const inTimeOf = (left: readonly Period[], one: Agreement): readonly Agreement[] =>
  unitedPeriods(left)
    .filter((time) => overlaps(time, one))
    .map((time) => ({ ...one, ...shared(time, one) }));

/** What an account takes service by. */
export interface AccountService {
  readonly agreements: readonly Agreement[];
  /** How many more wait for their point, which was taken back. */
  readonly withoutPoint: number;
  /** How many more premises there are than these are of. */
  readonly morePremises: number;
}

/**
 * Agreements of an account in the time of somebody who has left, as far as that goes; of very many premises those where it ended last.
 * @param states with all parts of the account
 * @param stands whether the point of an agreement was not taken back
 */
export const formerService = async (
  states: States,
  left: readonly Period[],
  stands: (one: Agreement) => Promise<boolean>,
): Promise<AccountService> => {
  const all = effectiveAgreements(toldAgreements(states, account.name)).agreements.flatMap((one) =>
    inTimeOf(left, one),
  );
  const latest = all.toSorted((a, b) => ((a.to ?? '~') > (b.to ?? '~') ? -1 : 1)).map(({ premise }) => premise);
  const premises = [...new Set(latest)];
  const first = new Set(premises.slice(0, maxPremises));
  const shown = all.filter(({ premise }) => first.has(premise));
  const standing = await Promise.all(shown.map(stands));
  return {
    agreements: shown.filter((_, place) => standing[place]),
    withoutPoint: 0,
    morePremises: premises.length - first.size,
  };
};

/**
 * Agreements of an account that are not over, as the premises know them: an account does not know that another has taken over a
 * point, or says that it has. Of the first premises alone, where it takes service at very many. Work for each premise.
 * @param statesOf reads a premise
 */
export const accountService = async (
  id: string,
  states: States,
  today: string,
  statesOf: (premise: string) => Promise<States>,
): Promise<AccountService> => {
  const { premises, more } = servedBy(states.get(account.name), today);
  const there = await Promise.all(premises.map(statesOf));
  const isOwn = (one: Agreement): boolean => one.account === id && !isOver(one, today);
  return {
    agreements: there.flatMap((place) => serviceAt(place).agreements.filter(isOwn)),
    withoutPoint: there.flatMap((place) => serviceWithoutPoint(place).filter(isOwn)).length,
    morePremises: more,
  };
};
