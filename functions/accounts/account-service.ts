import { account, servedBy } from '#shared/domain/profile/account.ts';
import { type Agreement, effectiveAgreements } from '#shared/domain/profile/agreements.ts';
import { type States, serviceAt, toldAgreements } from '#shared/domain/profile/families.ts';
import { isOver, overlaps, type Period, shared, unitedPeriods } from '#shared/domain/profile/periods.ts';

/** An agreement as far as it goes in the time of somebody who has left: once for each of the stretches that were theirs. */
export const inTimeOf = (left: readonly Period[], one: Agreement): readonly Agreement[] =>
  unitedPeriods(left)
    .filter((time) => overlaps(time, one))
    .map((time) => ({ ...one, ...shared(time, one) }));

/**
 * Agreements of an account in the time of somebody who has left, as far as that goes.
 * @param states with all parts of the account
 */
export const formerService = (states: States, left: readonly Period[]): readonly Agreement[] =>
  effectiveAgreements(toldAgreements(states, account.name)).agreements.flatMap((one) => inTimeOf(left, one));

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
): Promise<readonly Agreement[]> => {
  const { premises } = servedBy(states.get(account.name), today);
  const there = await Promise.all(premises.map(statesOf));
  return there.flatMap((place) =>
    serviceAt(place).agreements.filter((one) => one.account === id && !isOver(one, today)),
  );
};
