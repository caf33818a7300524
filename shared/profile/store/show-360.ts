import { composeView } from '#functions/profile.ts';
import type { View360 } from '#functions/view.ts';
import { identity as identityFamily, profileOn } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { type IdentityView, shownName } from '#shared/profile/rules/view/identity-section.ts';
import { stateKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { withAccountsOfToday } from './accounts-today.ts';
import { readView } from './read-view.ts';
import { readCurrentState } from './subjects.ts';
import { unseenAccounts } from './unseen-accounts.ts';

export interface Show360Deps {
  readonly profile: Table;
  readonly now: () => number;
  readonly today: () => string;
}

/** Who the customer is today: as the view says, or from the state where time alone may have changed it since. */
const identityToday = async (profile: Table, customer: string, shown: IdentityView, today: string) => {
  if (shown.holdsUntil === null || today < shown.holdsUntil) return shown;
  const item = await profile.get(stateKey(customer, identityFamily.name), { consistent: true });
  if (item === undefined) return shown;
  const { state } = stateOf(
    new Map([[identityFamily.name, readCurrentState(customer, identityFamily.name, item)]]),
    identityFamily,
  );
  const { kind, name, language } = profileOn(state, today);
  return { ...shown, kind, language, name: shownName({ name }), erased: isErased(name) };
};

/** The 360 document of a customer, or undefined where there is no such customer. Throws ViewOfOtherRules as `readView` does. */
export const show360 = async (deps: Show360Deps, customer: string): Promise<View360 | undefined> => {
  const stored = await readView(deps.profile, customer);
  if (stored?.identity === undefined) return undefined;
  const [now, today] = [deps.now(), deps.today()];
  const parts = await withAccountsOfToday(deps.profile, stored, customer, today);
  const identity = await identityToday(deps.profile, customer, stored.identity, today);
  const unseen = await unseenAccounts(deps.profile, customer, parts, today);
  return composeView({ customer, now, today, parts, identity, unseen, morePremises: 0 });
};
