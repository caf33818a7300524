import { account } from './account.ts';
import { billing } from './billing.ts';
import { type States, stateOf } from './families.ts';

/**
 * The currency of an account's amounts: that of its ledger. Where bills in another one came before there was a rule against it, the
 * ledger may have another currency than the account; its sums are never told as the account's.
 */
export const currencyOf = (states: States): string | null =>
  stateOf(states, billing).state.currency ?? stateOf(states, account).state.currency;
