import { account, servedBy } from '#shared/domain/profile/account.ts';
import type { Agreement } from '#shared/domain/profile/agreements.ts';
import { type States, serviceAt } from '#shared/domain/profile/families.ts';
import { isOver } from '#shared/domain/profile/periods.ts';

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
