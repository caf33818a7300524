import { account } from '#shared/profile/rules/account.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { billing } from './billing.ts';

/**
 * The currency of an account's amounts: that of its ledger. Where bills in another one came before there was a rule against it, the
 * ledger may have another currency than the account; its sums are never told as the account's.
 */
export const currencyOf = (states: States): string | null =>
  stateOf(states, billing).state.currency ?? stateOf(states, account).state.currency;
