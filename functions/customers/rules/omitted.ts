import { debtOn } from '#functions/accounts/rules/account-digest-today.ts';
import type { View360 } from '#functions/view.ts';
import { willHaveRight } from '#shared/access/held-rights.ts';
import type { ViewBasis } from '#shared/profile/rules/view/section.ts';
import { maxAccounts } from '#shared/profile/rules/view/view-360.ts';
import { mostAlerts } from './alerts.ts';

/** What the 360 view leaves out, and why. */
export const showOmitted = (basis: ViewBasis, allAlerts: View360['alerts']): string[] => {
  const { parts, all, accounts, former, shown, unseen, today } = basis;
  const alerts = allAlerts.length - mostAlerts;
  const digests = shown.map(({ digest }) => digest);
  const others = digests.reduce((sum, { moreOthers }) => sum + moreOthers, 0);
  const due = digests.reduce((sum, digest) => sum + (debtOn(digest, today) === 'none' ? 0 : digest.due.more), 0);
  const more = Math.max(0, all.length - maxAccounts) + unseen.count;
  const formerLeft = all.length + former.length - Math.max(shown.length, all.length);
  const unmarked = accounts
    .filter(({ digest }) => willHaveRight(digest.roles, 'home', today))
    .reduce((sum, { digest }) => sum + digest.more, 0);
  const premises = unmarked + basis.morePremises;
  return [
    ...(alerts > 0 ? [`alerts: ${alerts} more`] : []),
    ...(more > 0 ? [`accounts: ${more} more`] : []),
    ...(formerLeft > 0 ? [`former accounts: ${formerLeft} more`] : []),
    ...(due > 0 ? [`due dates: ${due} more`] : []),
    ...(others > 0 ? [`roles of others: ${others} more`] : []),
    ...(premises > 0 ? [`premises: ${premises} more`] : []),
    ...(parts.identity?.erased === true ? ['identity: erased'] : []),
  ];
};
