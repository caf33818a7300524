import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import type { AwaitedThing } from '#shared/facts/quarantine.ts';
import { type AccountState, account } from '#shared/profile/rules/account.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readCurrentState } from '#shared/profile/store/subjects.ts';
import { stateKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { Money } from '#shared/vocabulary/money.ts';
import type { Data } from './resolve-fact.ts';

/** Why money does not count on an account, or what it waits for. */
type Unfit = { readonly message: string } | { readonly awaited: AwaitedThing };

/** An account as it is kept; undefined where it is not open yet. */
export const accountAsKept = async (profile: Table, id: string): Promise<AccountState | undefined> => {
  const item = await profile.get(stateKey(id, account.name), { consistent: true });
  return item === undefined
    ? undefined
    : stateOf(new Map([[account.name, readCurrentState(id, account.name, item)]]), account).state;
};

/**
 * Holds the amount of a fact against the currency that the account was opened in; undefined where there is nothing against it. A
 * fact of an account that is not open yet waits for it, also where it names it by its id.
 */
export const currencyFit = (
  { inAccountCurrency }: Pick<FactDefinition, 'inAccountCurrency'>,
  data: Data,
  subject: string,
  kept: AccountState | undefined,
): Unfit | undefined => {
  if (inAccountCurrency === undefined) return undefined;
  if (kept === undefined) return { awaited: { kind: 'head', namespace: 'id', value: subject } };
  const { currency } = kept;
  const { currency: sent } = Money.parse(data[inAccountCurrency]);
  if (sent === currency) return undefined;
  const why =
    currency === null
      ? 'The opening of the account was taken back, so that it has no currency'
      : `The amount is in ${sent}, and the account is kept in ${currency}`;
  return { message: `${why}: it counts for nothing until people have looked at it.` };
};
