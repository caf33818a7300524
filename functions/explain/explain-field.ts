import { sectionReasons, toldFamiliesOf } from '#functions/profile.ts';
import type { View360 } from '#functions/view.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import type { SectionReason } from '#shared/profile/rules/view/section.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { Place } from './locate.ts';
import { computed, type Explanation } from './rules/explain.ts';
import { explainAccount, explainBalance, explainOverdue, premisesToldOf } from './rules/explain-account.ts';
import {
  explainAttribute,
  explainCustomerId,
  explainPoint,
  explainSince,
  explainStatus,
  factOf,
  rejectedValues,
} from './rules/explain-customer.ts';
import { explainInteractions } from './rules/explain-interactions.ts';
import { explainOutage, explainPremise, explainUsage } from './rules/explain-place.ts';
import type { ToldFacts } from './told-facts.ts';

/** What an explanation is made of: the view, and the facts behind it. */
export interface Asked {
  readonly told: ToldFacts;
  readonly view: View360;
  /** The customer's id, and those of records merged into theirs. */
  readonly records: readonly string[];
  /** Accounts that the one who asks is told nothing of. */
  readonly hidden: readonly string[];
  readonly today: string;
}

type Explained = Explanation & { readonly value?: unknown };

const own = (asked: Asked, family: FamilyName): Promise<readonly OrderedFact[]> => asked.told.of(asked.records, family);

const accountFacts = async ({ told }: Asked, account: string) => ({
  account: await told.of([account], 'account'),
  billing: await told.of([account], 'billing'),
});

/** Most premises that are read for all agreements of an account, the last that were told of. */
const mostPremises = 25;

/** What was told of service at the premises of an account, or at that of an agreement; read only where these are asked for. */
const serviceFacts = async (
  { told }: Asked,
  account: readonly OrderedFact[],
  member: string | undefined,
  agreement: string | undefined,
) => {
  const premises = member === 'agreements' ? premisesToldOf(account, agreement).slice(-mostPremises) : [];
  return new Map(
    await Promise.all(premises.map(async (premise) => [premise, await told.of([premise], 'supply')] as const)),
  );
};

const premiseFacts = async ({ told }: Asked, premise: string) => ({
  premise: await told.of([premise], 'premise'),
  metering: await told.of([premise], 'metering'),
  outage: await told.of([premise], 'outage'),
  elsewhere: await told.elsewhere(premise),
});

const textAt = (entry: Readonly<Record<string, unknown>> | undefined, member: string): string => {
  const value = entry?.[member];
  return typeof value === 'string' ? value : '';
};

/** Decisions about which records are one are no news of the customer, and count in no version. */
const ownFamilies = (): readonly FamilyName[] => toldFamiliesOf('customer').filter((family) => family !== 'links');

/** The account on which a fact gives or ends a role. */
const accountOfRole = (fact: Fact): string | undefined =>
  fact.type === 'account.role.granted.v1' || fact.type === 'account.role.ended.v1' ? fact.data.account : undefined;

const explainCustomer = async (asked: Asked, { names }: Place): Promise<Explained | undefined> => {
  const [, member] = names;
  switch (member) {
    case 'id':
      return explainCustomerId(await own(asked, 'identity'), asked.view.customer.id);
    case 'name':
    case 'kind':
    case 'dateOfBirth':
      return explainAttribute(await own(asked, 'identity'), member, asked.today);
    case 'since':
      return explainSince(await own(asked, 'identity'));
    case 'status':
      return explainStatus(
        (await own(asked, 'roles')).filter(({ fact }) => !asked.hidden.includes(accountOfRole(fact) ?? '')),
        asked.today,
      );
    case 'version': {
      const counts = await Promise.all(
        ownFamilies().map(async (family) => ({ what: family, value: (await own(asked, family)).length })),
      );
      return computed('customer.version', "facts in the customer's own record, retractions too", counts);
    }
    default:
      return undefined;
  }
};

const pointMembers = ['id', 'kind', 'value', 'verified', 'preferred', 'source'] as const;

const explainContact = async (asked: Asked, { names, entries }: Place): Promise<Explained | undefined> => {
  const [, member, below] = names;
  if (member === 'preferences' && below === 'language')
    return explainAttribute(await own(asked, 'identity'), 'language', asked.today);
  if (member === 'points' && entries[0] !== undefined) {
    const named = pointMembers.find((one) => one === below);
    return explainPoint(await own(asked, 'contact'), textAt(entries[0], 'id'), named);
  }
  if (member === 'points') {
    const formula = 'union of what all sources say, each value once; none that the validators rejected';
    return computed('contact.points', formula, [], { losing: rejectedValues(await own(asked, 'contact')) });
  }
  if (member === 'more')
    return computed('contact.more', 'contact points of the union, less those that fit into the view', []);
  if (member === undefined) return undefined;
  return computed(`contact.${member}`, 'what sources said of it; empty where none said anything', []);
};

const explainAlert = async (asked: Asked, { entries: [alert] }: Place): Promise<Explained> => {
  if (alert === undefined)
    return computed(
      'alerts',
      'money overdue on an account of the view, or open on one that the customer left, an outage open at a premise of it, or what its readings tell',
      [],
    );
  const [evidence = ''] = Array.isArray(alert.evidence) ? alert.evidence.map(String) : [];
  const formula = Array.isArray(alert.because) ? alert.because.join(' ') : '';
  if (textAt(alert, 'class') === 'financial') {
    const facts = await accountFacts(asked, evidence);
    const left = asked.view.accounts.find(({ id }) => id === evidence)?.formerRoles !== undefined;
    const overdue = (left ? explainBalance : explainOverdue)(facts, asked.records, asked.today);
    return computed('alert.overdue', formula, overdue.inputs ?? []);
  }
  const outage = asked.view.service.openOutages.find(({ id }) => id === evidence);
  if (outage?.premiseId === undefined) return computed('alerts', formula, []);
  const said = explainOutage(
    (await premiseFacts(asked, outage.premiseId)).outage,
    evidence,
    '',
    asked.view.freshness.asOf,
  );
  return computed('alert.outage', formula, [{ what: 'outage reported', ...factOf(said.winner) }], {
    winner: said.winner,
  });
};

const explainService = async (asked: Asked, { names, entries: [outage] }: Place): Promise<Explained> => {
  if (outage === undefined)
    return computed(
      `service.${names[1] ?? ''}`,
      'what was reported at the premises of the view; empty where nothing was',
      [],
    );
  const facts = await premiseFacts(asked, textAt(outage, 'premiseId'));
  return explainOutage(facts.outage, textAt(outage, 'id'), names[2] ?? '', asked.view.freshness.asOf);
};

const explainFreshness = async (asked: Asked, { names, entries: [source] }: Place): Promise<Explained> => {
  if (source === undefined || names[1] !== 'sources')
    return computed('freshness.as-of', 'the instant at which the view was asked for', []);
  const name = textAt(source, 'source');
  const places = [
    ...asked.records.flatMap((subject) => ownFamilies().map((family) => ({ subject, family }))),
    ...asked.view.accounts
      .filter(({ formerRoles }) => formerRoles === undefined)
      .flatMap(({ id }) => [
        { subject: id, family: 'account' as const },
        { subject: id, family: 'billing' as const },
      ]),
  ];
  const winner = await asked.told.at(places, name, textAt(source, 'lastFactAt'));
  const formula =
    winner === undefined && name === 'meters'
      ? 'end of the latest interval that was read'
      : 'when the latest fact of the source occurred; the lag is the time from then to the asking';
  return computed('freshness.latest', formula, [{ what: `latest word of ${name}`, ...factOf(winner) }], { winner });
};

const explainUsageOf = async (asked: Asked, { names, entries: [usage] }: Place): Promise<Explained | undefined> => {
  const servicePoint = textAt(usage, 'servicePointId');
  const premise = asked.view.premises.find(({ servicePoints }) => servicePoints.some(({ id }) => id === servicePoint));
  if (premise === undefined) return computed('usage', 'readings of the service points in the view', []);
  return explainUsage(await premiseFacts(asked, premise.id), servicePoint, names[1] ?? '', asked.view.freshness.asOf);
};

const explainSteps = async (asked: Asked): Promise<Explained> =>
  computed(
    'next-steps',
    'one step for each class of alerts that holds, and one where sources dispute a point or a meter',
    [...asked.view.alerts.map(({ class: kind, evidence }) => ({ what: `alert: ${kind}`, value: evidence }))],
  );

const explainAccounts = async (
  asked: Asked,
  { names, entries: [entry, inner] }: Place,
): Promise<Explained | undefined> => {
  const [, ...path] = names;
  if (entry === undefined)
    return computed(
      'accounts',
      'accounts of roles that are not over, then those that were the own of the customer',
      [],
    );
  const account = textAt(entry, 'id');
  const named = { account, customer: asked.records, id: inner === undefined ? undefined : textAt(inner, 'id') };
  const facts = await accountFacts(asked, account);
  const service = await serviceFacts(asked, facts.account, path[0], named.id);
  return explainAccount({ ...facts, service }, named, path, asked.today);
};

const explainPremises = async (
  asked: Asked,
  { names, entries: [entry, inner] }: Place,
): Promise<Explained | undefined> => {
  const [, ...path] = names;
  if (entry === undefined) return computed('premises', 'premises of agreements that are not over', []);
  const premise = textAt(entry, 'id');
  const account = await asked.told.of([textAt(entry, 'accountId')], 'account');
  const named = { premise, servicePoint: inner === undefined ? undefined : textAt(inner, 'id') };
  const facts = { ...(await premiseFacts(asked, premise)), account };
  return explainPremise(facts, named, path, asked.view.freshness.asOf);
};

const explainConversations = async (
  asked: Asked,
  { names, entries: [entry] }: Place,
): Promise<Explained | undefined> => {
  const facts = await own(asked, 'interactions');
  return explainInteractions(facts, entry === undefined ? undefined : textAt(entry, 'id'), names.slice(1));
};

type Explain = (asked: Asked, place: Place) => Promise<Explained | undefined>;

/** Sections whose values each stand for a reason of their own. A member of the view without any reason does not compile. */
const valueByValue: Readonly<Record<Exclude<keyof View360, keyof typeof sectionReasons>, Explain>> = {
  customer: explainCustomer,
  contact: explainContact,
  alerts: explainAlert,
  accounts: explainAccounts,
  premises: explainPremises,
  usage: explainUsageOf,
  service: explainService,
  interactions: explainConversations,
  nextSteps: explainSteps,
  freshness: explainFreshness,
};
const explainBySection: ReadonlyMap<string, Explain> = new Map(Object.entries(valueByValue));
const reasonBySection: ReadonlyMap<string, SectionReason> = new Map(Object.entries(sectionReasons));

/** Why a value of the view is what it is; undefined where what stands there is no value but a part of the view. */
export const explainField = async (asked: Asked, place: Place): Promise<Explained | undefined> => {
  const [section = ''] = place.names;
  const reason = reasonBySection.get(section);
  if (reason === undefined) return explainBySection.get(section)?.(asked, place);
  const inputs = reason.of.map(async (family) => ({
    what: `facts of ${family}`,
    value: (await own(asked, family)).length,
  }));
  return computed(section, reason.formula, await Promise.all(inputs));
};
