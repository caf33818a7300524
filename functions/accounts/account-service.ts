import { account } from '#shared/domain/profile/account.ts';
import { type Agreement, effectiveAgreements, supply } from '#shared/domain/profile/agreements.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { isOver, overlaps, type Period, shared } from '#shared/domain/profile/periods.ts';

/** Agreements of an account in the time of somebody who has left, as far as that goes. */
export const formerService = (states: States, left: readonly Period[]): readonly Agreement[] =>
  effectiveAgreements(stateOf(states, account).state.agreements).agreements.flatMap((one) => {
    const time = left.find((role) => overlaps(role, one));
    return time === undefined ? [] : [{ ...one, ...shared(time, one) }];
  });

/**
 * Agreements of an account that are not over, as the premises know them: an account does not know that another has taken over a
 * point, or says that it has. Work for each premise.
 * @param statesOf reads a premise
 */
export const accountService = async (
  id: string,
  states: States,
  today: string,
  statesOf: (premise: string) => Promise<States>,
): Promise<readonly Agreement[]> => {
  const lasting = (list: Parameters<typeof effectiveAgreements>[0]): readonly Agreement[] =>
    effectiveAgreements(list).agreements.filter((one) => one.account === id && !isOver(one, today));
  const own = lasting(stateOf(states, account).state.agreements);
  const premises = await Promise.all([...new Set(own.map(({ premise }) => premise))].map(statesOf));
  return premises.flatMap((there) => lasting(stateOf(there, supply).state.agreements));
};
