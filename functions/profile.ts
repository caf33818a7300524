import { billing } from '#functions/accounts/rules/billing.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { outage } from '#functions/outages/rules/outages.ts';
import type { SpokenRow } from '#shared/access/spoken.ts';
import { account } from '#shared/profile/rules/account.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { links } from '#shared/profile/rules/links.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { roles } from '#shared/profile/rules/roles.ts';
import type { ThingAtPremises } from '#shared/profile/rules/thing-at-premises.ts';
import { freshnessSection } from '#shared/profile/rules/view/freshness.ts';
import { type Composed, type SectionReason, viewBasis } from '#shared/profile/rules/view/section.ts';
import type { StoredSection } from '#shared/profile/rules/view/stored-section.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { SubjectKind } from '#shared/vocabulary/ids.ts';
import { showAccounts } from './accounts/rules/account-section.ts';
import { accountSpoken } from './accounts/rules/spoken-of.ts';
import { alertsOf, showAlerts, showNextSteps } from './customers/rules/alerts.ts';
import { contactSection, showContact } from './customers/rules/contact-section.ts';
import { showCustomer } from './customers/rules/customer-section.ts';
import { showFreshness } from './customers/rules/freshness-section.ts';
import { interactionSection, showInteractions } from './customers/rules/interaction-section.ts';
import { showOmitted } from './customers/rules/omitted.ts';
import { customerSpoken } from './customers/rules/spoken-of.ts';
import { mergeSpoken } from './identity/rules/spoken-of.ts';
import { insightSpoken } from './insight/rules/spoken-of.ts';
import { meterSpoken } from './meters/rules/spoken-of.ts';
import { outagePlace } from './outages/rules/outage-place.ts';
import { showService } from './outages/rules/outage-section.ts';
import { outageSpoken } from './outages/rules/spoken-of.ts';
import { showPremises } from './premises/rules/premise-section.ts';
import { premiseSpoken } from './premises/rules/spoken-of.ts';
import { erasure, isGoingIn } from './privacy/rules/erasure.ts';
import { erasureSpoken } from './privacy/rules/spoken-of.ts';
import { showUsage, usageRead } from './readings/rules/usage-section.ts';
import { readingSpoken } from './validation/rules/spoken-of.ts';
import type { View360 } from './view.ts';

/** Every family, by name: the one list the fold reads. Each fact type names those that fold it. */
export const families = {
  identity,
  contact,
  links,
  roles,
  interactions,
  erasure,
  account,
  billing,
  premise,
  supply,
  metering,
  outage,
} as const satisfies Readonly<Record<FamilyName, Family<unknown>>>;

const familyOf: ReadonlyMap<FamilyName, Family<unknown>> = new Map(Object.entries(families));

/** Names of all families, in the order of the list. */
export const familyNames: readonly FamilyName[] = [...familyOf.keys()];

/** @throws RangeError where no family has the name: a fact type then names one that is not in the list */
export const familyNamed = (name: FamilyName): Family<unknown> => {
  const family = familyOf.get(name);
  if (family === undefined) throw new RangeError(`there is no family ${name} in functions/profile.ts`);
  return family;
};

/** Families of a kind of record. */
export const familiesOf = (kind: SubjectKind): readonly FamilyName[] =>
  familyNames.filter((name) => familyNamed(name).of === kind);

/** Those of them that may be told: without what staff ask of one another. */
export const toldFamiliesOf = (kind: SubjectKind): readonly FamilyName[] =>
  familiesOf(kind).filter((name) => familyNamed(name).untold !== true);

/** What each type of fact speaks of. */
export const spokenRows: readonly SpokenRow[] = [
  ...customerSpoken,
  ...mergeSpoken,
  ...accountSpoken,
  ...premiseSpoken,
  ...meterSpoken,
  ...readingSpoken,
  ...insightSpoken,
  ...outageSpoken,
  ...erasureSpoken,
];

/** Whether nothing more is kept of a customer: a commit refuses what names them. */
export const isNothingKeptOf = isGoingIn;

/** Things with a record of their own that are at premises, by their kind. */
export const thingsAtPremises: Readonly<Partial<Record<SubjectKind, ThingAtPremises>>> = { outage: outagePlace };

/** Sections that lie packed with a customer's record, in the order of their places. */
export const storedSections: readonly StoredSection[] = [contactSection, interactionSection, freshnessSection];

/** The 360 document from the parts of a view, section by section: the same for now and for any moment before. */
export const composeView = (composed: Composed): View360 => {
  const basis = viewBasis(composed, usageRead(composed.parts));
  const alerts = alertsOf(basis);
  return {
    customer: showCustomer(basis),
    contact: showContact(basis),
    alerts: showAlerts(alerts),
    accounts: showAccounts(basis),
    premises: showPremises(basis),
    usage: showUsage(basis),
    service: showService(basis),
    interactions: showInteractions(basis),
    relations: [],
    nextSteps: showNextSteps(basis, alerts),
    freshness: showFreshness(basis),
    omitted: showOmitted(basis, alerts),
    masked: [],
  };
};

/** Sections of the view that have nothing of their own to tell. */
const ofTheView: SectionReason = { formula: 'what the view leaves out or has nothing of', of: [] };

/** Why sections are what they are, of which one sentence says it; the others are explained value by value (`functions/explain`). */
export const sectionReasons = {
  relations: ofTheView,
  omitted: ofTheView,
  masked: ofTheView,
} as const satisfies Readonly<Partial<Record<keyof View360, SectionReason>>>;
