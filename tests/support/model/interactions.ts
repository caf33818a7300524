import { type Told, text } from './told.ts';

const logged = 'contact.interaction.logged.v1';
const made = 'contact.change-request.made.v1';
const settled = 'contact.change-request.settled.v1';

const contactsWith = (facts: readonly Told[], customer: string): readonly Told[] =>
  facts.filter((fact) => (fact.type === logged || fact.type === made) && text(fact, 'customer') === customer);

const isByCustomer = (fact: Told): boolean => fact.type === made || fact.source === 'portal';

/** The last contacts, newest first: of eight that are held customers wrote four at most. */
export const recentContacts = (facts: readonly Told[], customer: string): readonly string[] => {
  const all = contactsWith(facts, customer);
  const theirs = all.filter(isByCustomer).slice(-4);
  return all
    .filter((fact) => !isByCustomer(fact) || theirs.includes(fact))
    .slice(-8)
    .toReversed()
    .map(({ makes }) => makes ?? '');
};

export const contactCounts = (facts: readonly Told[], customer: string): Readonly<Record<string, number>> => {
  const channels = contactsWith(facts, customer).map((fact) => text(fact, 'channel') ?? '');
  return Object.fromEntries(
    [...new Set(channels)].sort().map((name) => [name, channels.filter((one) => one === name).length]),
  );
};

/** What the next agent must know: never a customer's own word. */
export const handoverTo = (facts: readonly Told[], customer: string): string | undefined =>
  contactsWith(facts, customer)
    .filter((fact) => !isByCustomer(fact))
    .map((fact) => text(fact, 'handover'))
    .findLast((one) => one !== undefined);

/** Decisions on requests that were taken back, or decided before. */
export const groundlessDecisions = (facts: readonly Told[]): readonly Told[] =>
  facts.filter((fact, at) => {
    if (fact.type !== settled) return false;
    const request = text(fact, 'request');
    const isDecided = facts.slice(0, at).some((one) => one.type === settled && text(one, 'request') === request);
    return isDecided || !facts.some(({ type, makes }) => type === made && makes === request);
  });
