import type { View360 } from '#functions/contracts.ts';
import { willHaveRight } from '#shared/access/held-rights.ts';
import type { Right } from '#shared/access/role-rights.ts';
import { identity as identityFamily, profileOn } from '#shared/profile/rules/identity.ts';
import { isOpenAt, standingAt } from '#shared/profile/rules/outages.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { type IdentityView, shownName } from '#shared/profile/rules/view/customer-sections.ts';
import { needsAttention } from '#shared/profile/rules/view/meter-attention.ts';
import { plannedView, pointAt } from '#shared/profile/rules/view/point-ahead.ts';
import type { PremiseDigest } from '#shared/profile/rules/view/premise-digest.ts';
import {
  debtOn,
  formerAccounts,
  holdsRole,
  isWhole,
  maxAccounts,
  mayKnow,
  readViewParts,
  suppliedPremises,
  type ViewItem,
  type ViewParts,
  visibleAccounts,
  visiblePremises,
} from '#shared/profile/rules/view/view-360.ts';
import { bytesOf, readHead } from '#shared/profile/store/items.ts';
import { readAll, readCurrentState } from '#shared/profile/store/subjects.ts';
import { sectionMatches, viewRules } from '#shared/profile/store/view-writes.ts';
import { headKey, stateKey, subjectPartition, wholeViewRange } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { accountEntry } from './account-entry.ts';
import { alertsOf, mostAlerts, nextStepsOf } from './alerts.ts';
import { withDueToday } from './due-today.ts';
import { type UnseenAccounts, unseenAccounts } from './unseen-accounts.ts';

export type UsageView = View360['usage'][number];

export interface Show360Deps {
  readonly profile: Table;
  readonly now: () => number;
  readonly today: () => string;
  /** Unpacks a usage item. */
  readonly readUsage: (packed: Uint8Array, servicePoint: string, register: string) => UsageView;
}

/**
 * While a merge is under way an account has digests for before (`x`) and for after (`p`): those that are not shown now are left
 * out. HEAD says which; it is read only then.
 */
const shownNow = async (profile: Table, customer: string, found: readonly Item[]): Promise<readonly Item[]> => {
  if (!found.some(({ p, x }) => p !== undefined || x !== undefined)) return found;
  const item = await profile.get(headKey(customer), { consistent: true });
  const rebuilding = item === undefined ? undefined : readHead(item).rebuilding;
  const before = rebuilding?.flipped === false ? rebuilding.id : undefined;
  return found.filter(({ p, x }) => (p === undefined || p !== before) && (x === undefined || x === before));
};

/** The items of a view were made by other rules than these, which may lay them out otherwise. */
export class ViewOfOtherRules extends Error {
  override readonly name = 'ViewOfOtherRules';
}

const readOnce = async (profile: Table, customer: string) => {
  const all = await readAll(profile, { pk: subjectPartition(customer), ...wholeViewRange, consistent: true });
  const found = await shownNow(profile, customer, all);
  if (found.some(({ r }) => r !== undefined && r !== viewRules)) throw new ViewOfOtherRules();
  const items: ViewItem[] = found.map((item) => ({ sk: item.sk, packed: bytesOf(item, 'b') }));
  return { items, parts: readViewParts(items) };
};

/**
 * The view's parts with one consistent Query; read once more where the sections are not of one commit. Throws ViewOfOtherRules
 * where other rules made them.
 */
export const readView = async (profile: Table, customer: string): Promise<ViewParts | undefined> => {
  const first = await readOnce(profile, customer);
  const parts = isWhole(first.items, first.parts, sectionMatches)
    ? first.parts
    : (await readOnce(profile, customer)).parts;
  return parts.identity === undefined ? undefined : parts;
};

/** How a point stands now, and what is planned for it in the account's time there. */
const standing = (
  { agreements }: PremiseDigest,
  { id, ahead }: PremiseDigest['servicePoints'][number],
  now: number,
  lastReadingAt: string | null,
) => {
  const { connection, meter, planned } = pointAt(ahead, new Date(now).toISOString());
  const told = plannedView(planned, (at) =>
    agreements.some((one) => one.servicePoint === id && covers(one, at.slice(0, 10))),
  );
  return {
    meter:
      meter === null
        ? null
        : { id: meter.id, ...(meter.serial === null ? {} : { serial: meter.serial }), lastReadingAt },
    connection,
    ...(told === undefined ? {} : { planned: told }),
  };
};

const premiseView = (
  premise: ViewParts['premises'][number],
  lastReading: ReadonlyMap<string, string | null>,
  now: number,
) => ({
  id: premise.id,
  accountId: premise.account,
  ...(premise.digest.address === null ? {} : { address: premise.digest.address }),
  servicePoints: premise.digest.servicePoints.map((point) => ({
    id: point.id,
    commodity: point.commodity,
    ...standing(premise.digest, point, now, lastReading.get(point.id) ?? null),
    ...(needsAttention(point.attention)
      ? { attention: { ...point.attention, tasks: [...point.attention.tasks] } }
      : {}),
  })),
});

/** Outages as they stand now: those that are open, and of those that are over the last of each premise. */
const outageViews = (premises: ViewParts['premises'], now: string) => {
  const all = premises.flatMap((premise) => premise.digest.outages.map((outage) => ({ premise: premise.id, outage })));
  const distinct = [...new Map(all.map((one) => [one.outage.id, one] as const)).values()];
  const view = ({ premise, outage }: (typeof distinct)[number]) => ({
    id: outage.id,
    premiseId: premise,
    commodity: outage.commodity,
    startedAt: outage.startedAt,
    ...standingAt(outage, now),
  });
  const over = distinct.filter(({ outage }) => !isOpenAt(outage, now));
  return {
    open: distinct.filter(({ outage }) => isOpenAt(outage, now)).map(view),
    resolved: over.filter((one) => over.find(({ premise }) => premise === one.premise) === one).map(view),
  };
};

const freshnessOf = (
  parts: ViewParts,
  accounts: ViewParts['accounts'],
  usage: readonly UsageView[],
  { now, today }: Pick<Composed, 'now' | 'today'>,
): View360['freshness'] => {
  const latest = new Map<string, string>();
  const note = (source: string, at: string): void => {
    const known = latest.get(source);
    if (known === undefined || known < at) latest.set(source, at);
  };
  // When something was last said of an account is told while a role holds: of one to come it would tell of another's money.
  const held = accounts.filter(({ digest }) => holdsRole(digest, today));
  for (const one of [...parts.freshness, ...held.flatMap(({ digest }) => digest.sources)])
    note(one.source, one.lastFactAt);
  for (const one of usage) if (one.asOf !== null) note('meters', one.asOf);
  const sources = [...latest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, lastFactAt]) => ({
      source,
      lastFactAt,
      lagSeconds: Math.max(0, Math.round((now - Date.parse(lastFactAt)) / 1000)),
    }));
  return { asOf: new Date(now).toISOString(), sources };
};

/** The accounts of a view: those of now, then those that were the customer's, as long as there is room. */
const shownAccounts = (accounts: ViewParts['accounts'], former: ViewParts['accounts']): ViewParts['accounts'] =>
  [...accounts, ...former].slice(0, maxAccounts);

const omittedOf = (
  parts: ViewParts,
  accounts: ViewParts['accounts'],
  unseen: UnseenAccounts,
  premises: number,
  today: string,
): string[] => {
  const former = formerAccounts(parts, today);
  const shown = shownAccounts(accounts, former).map(({ digest }) => digest);
  const others = shown.reduce((sum, { moreOthers }) => sum + moreOthers, 0);
  const due = shown.reduce((sum, digest) => sum + (debtOn(digest, today) === 'none' ? 0 : digest.due.more), 0);
  const more = Math.max(0, accounts.length - maxAccounts) + unseen.count;
  const formerLeft = accounts.length + former.length - Math.max(shown.length, accounts.length);
  return [
    ...(more > 0 ? [`accounts: ${more} more`] : []),
    ...(formerLeft > 0 ? [`former accounts: ${formerLeft} more`] : []),
    ...(due > 0 ? [`due dates: ${due} more`] : []),
    ...(others > 0 ? [`roles of others: ${others} more`] : []),
    ...(premises > 0 ? [`premises: ${premises} more`] : []),
    ...(parts.identity?.erased === true ? ['identity: erased'] : []),
  ];
};

const statusOf = (parts: ViewParts, unseen: UnseenAccounts, today: string): View360['customer']['status'] => {
  if (unseen.isHeld || parts.accounts.some(({ digest }) => holdsRole(digest, today))) return 'active';
  const first = parts.identity?.firstRole ?? null;
  return first !== null && first <= today ? 'former' : 'prospect';
};

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

/** What a view is composed for. */
export interface Composed {
  readonly customer: string;
  /** Milliseconds: how long ago each source was heard of is told from then. */
  readonly now: number;
  readonly today: string;
  readonly usage: readonly (UsageView & { readonly account: string; readonly premise: string })[];
  /** Accounts of which there is no digest. */
  readonly unseen: UnseenAccounts;
  /** Premises left out besides those that an account's digest has no room for. */
  readonly morePremises?: number;
}

/** The 360 document from the parts of a view: the same for now and for any moment before. */
export const compose360 = (parts: ViewParts, identity: IdentityView, about: Composed): View360 => {
  const { customer, today, unseen } = about;
  const all = visibleAccounts(parts, today);
  const accounts = all.slice(0, maxAccounts);
  const shown = shownAccounts(all, formerAccounts(parts, today));
  const supplied = suppliedPremises(parts, accounts, today);
  const premises = visiblePremises(parts, accounts, today);
  const known = (right: Right): ViewParts['premises'] => {
    const through = new Set(accounts.flatMap(({ id, digest }) => (mayKnow(digest, right, today) ? [id] : [])));
    return premises.filter(({ account }) => through.has(account));
  };
  const used = known('use');
  const unmarked = accounts
    .filter(({ digest }) => willHaveRight(digest.roles, 'home', today))
    .reduce((sum, { digest }) => sum + digest.more, 0);
  const usageOf = (shown: ViewParts['premises']) =>
    about.usage
      .filter((one) => shown.some((premise) => premise.id === one.premise && premise.account === one.account))
      .map(({ account: _account, premise: _premise, ...one }) => one);
  const usage = usageOf(used);
  const lastReading = new Map(usageOf(known('home')).map((one) => [one.servicePointId, one.asOf] as const));
  const outages = outageViews(known('home'), new Date(about.now).toISOString());
  const alerts = alertsOf(shown, outages.open, used, today);
  const inDispute = parts.premises.filter(({ account }) => shown.some(({ id }) => id === account));
  const disputed = {
    service: inDispute.some(({ digest }) => digest.disputed),
    meter: inDispute.some(({ digest }) => digest.meterDisputed),
  };
  return {
    customer: {
      id: customer,
      kind: identity.kind,
      ...(identity.name === null ? {} : { name: identity.name }),
      status: statusOf(parts, unseen, today),
      since: identity.since,
      version: identity.version,
    },
    contact: {
      points: parts.contact.points.flatMap(({ value, ...point }) => (value === null ? [] : [{ ...point, value }])),
      preferences: identity.language === null ? {} : { language: identity.language },
      restrictions: [],
      ...(parts.contact.more > 0 ? { more: parts.contact.more } : {}),
    },
    alerts: alerts.slice(0, mostAlerts),
    accounts: shown.map((account) => accountEntry(account, supplied, today)),
    premises: premises.map((premise) => premiseView(premise, lastReading, about.now)),
    usage,
    service: { openOutages: outages.open, openCases: [], patterns: [], lastResolved: outages.resolved },
    interactions: {
      recent: parts.interactions.recent.map(({ summary, outcome, ...one }) => ({
        ...one,
        ...(summary === null ? {} : { summary }),
        ...(outcome === null ? {} : { outcome }),
      })),
      counts: parts.interactions.counts,
      handover: parts.interactions.handover,
      ...(parts.interactions.more > 0 ? { more: parts.interactions.more } : {}),
    },
    relations: [],
    nextSteps: nextStepsOf(shown, alerts, outages.open, today, disputed),
    freshness: freshnessOf(parts, all, usage, about),
    omitted: [
      ...(alerts.length > mostAlerts ? [`alerts: ${alerts.length - mostAlerts} more`] : []),
      ...omittedOf(parts, all, unseen, unmarked + (about.morePremises ?? 0), today),
    ],
    masked: [],
  };
};

/** The 360 document of a customer, or undefined where there is no such customer. */
export const show360 = async (deps: Show360Deps, customer: string): Promise<View360 | undefined> => {
  const stored = await readView(deps.profile, customer);
  if (stored?.identity === undefined) return undefined;
  const [now, today] = [deps.now(), deps.today()];
  const parts = { ...(await withDueToday(deps.profile, stored, customer, today)), identity: stored.identity };
  const identity = await identityToday(deps.profile, customer, parts.identity, today);
  const usage = parts.usage.map(({ account, premise, packed, servicePoint, register }) => ({
    ...deps.readUsage(packed, servicePoint, register),
    account,
    premise,
  }));
  const unseen = await unseenAccounts(deps.profile, customer, parts, today);
  return compose360(parts, identity, { customer, now, today, usage, unseen });
};
