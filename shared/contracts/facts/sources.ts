import { ownSystem } from '#shared/vocabulary/fact.ts';
import { entityOf, factTypes, isRetraction } from './catalogue.ts';
import type { FactDefinition } from './definition.ts';

/** What a machine client of the API may ask for besides the API itself. */
export const scopes = [
  'facts:write',
  'customers:read',
  'meters:write',
  'usage:read',
  'imports:write',
  'weather:write',
  'tariffs:write',
] as const;
export type Scope = (typeof scopes)[number];

/** Values that a member of a fact's data may have: any, or those listed. */
type Said = 'any' | readonly string[];

/** A system that speaks to this one: what its client may ask for, and what it may say. */
export interface Source {
  readonly title: string;
  /** Scopes of its client at the API; without them it has none and comes in by a door of this system. */
  readonly scopes?: readonly Scope[];
  /** Fact types it may say. It may take back what it said of their entities, and nothing else. */
  readonly says: readonly FactDefinition['type'][];
  /** It sees proof: of others nobody believes that a contact point, a name or a date of birth was proved. */
  readonly verifies: boolean;
  /** Of a type the members it may give and the values they may have, where it may not say all of it. */
  readonly within?: Readonly<Record<string, Readonly<Record<string, Said>>>>;
}

const contactPoints = [
  'customer.contact-point.added.v1',
  'customer.contact-point.changed.v1',
  'customer.contact-point.removed.v1',
] as const;
const records = ['customer.profile.registered.v1', 'customer.profile.corrected.v1', ...contactPoints] as const;
const outages = ['service.outage.reported.v1', 'service.outage.restored.v1'] as const;
const payments = ['billing.payment.received.v1', 'billing.payment.reversed.v1'] as const;

/**
 * Every system that speaks to this one. What is true of its word by itself it may say; what only this system judges, and what
 * people decide at its routes, nobody else may. What is not listed here is refused at every door.
 */
export const sources: Readonly<Record<string, Source>> = {
  billing: {
    title: 'Billing: accounts and who stands on them, agreements, bills, payments, and the records it bills by.',
    scopes: ['facts:write', 'customers:read', 'tariffs:write'],
    says: [
      ...records,
      'customer.duplicate.claimed.v1',
      'account.account.opened.v1',
      'account.role.granted.v1',
      'account.role.ended.v1',
      'account.agreement.started.v1',
      'account.agreement.ended.v1',
      'billing.bill.issued.v1',
      ...payments,
      'contact.interaction.logged.v1',
    ],
    verifies: false,
  },
  crm: {
    title: 'Customer relations: who customers are, how they are reached and who acts for them, and what was said.',
    scopes: ['facts:write', 'customers:read'],
    says: [
      ...records,
      'customer.contact-point.verified.v1',
      'customer.duplicate.claimed.v1',
      'account.role.granted.v1',
      'account.role.ended.v1',
      'contact.interaction.logged.v1',
    ],
    verifies: true,
  },
  field: {
    title: 'Field service: places, connections, meters that come and go, outages, and visits.',
    scopes: ['facts:write', 'customers:read', 'meters:write'],
    says: [
      'premise.premise.registered.v1',
      'premise.service-point.registered.v1',
      'premise.service-point.changed.v1',
      'metering.meter.installed.v1',
      'metering.meter.removed.v1',
      'metering.event.recorded.v1',
      ...outages,
      'contact.interaction.logged.v1',
    ],
    verifies: false,
  },
  portal: {
    title: 'The portal: what customers say themselves, on its pages and in its app.',
    scopes: ['facts:write', 'customers:read', 'usage:read'],
    says: ['customer.profile.corrected.v1', ...contactPoints, 'contact.interaction.logged.v1'],
    verifies: false,
    within: {
      'customer.profile.corrected.v1': { customer: 'any', language: 'any', clear: ['language'] },
      'contact.interaction.logged.v1': {
        customer: 'any',
        channel: ['web', 'app', 'chat'],
        direction: ['inbound'],
        endedAt: 'any',
        reason: 'any',
        summary: 'any',
        outcome: 'any',
        references: 'any',
      },
    },
  },
  payments: {
    title: 'The payment provider: money that came, and of that what went back.',
    scopes: ['facts:write'],
    says: payments,
    verifies: false,
    // Another day than the one it came on is billing's to choose.
    within: {
      'billing.payment.received.v1': { account: 'any', amount: 'any', method: 'any', references: 'any' },
    },
  },
  'head-end': {
    title: 'The head-end of the meters: what they report, and the files of their readings.',
    scopes: ['facts:write', 'customers:read', 'meters:write', 'usage:read', 'imports:write'],
    says: ['metering.event.recorded.v1', ...outages],
    verifies: false,
  },
  weather: {
    title: 'The weather service: temperatures, and no facts.',
    scopes: ['weather:write'],
    says: [],
    verifies: false,
  },
  meters: {
    title: 'Meters that are connected themselves: what each tells at once of its own place.',
    says: ['metering.event.recorded.v1', ...outages],
    verifies: false,
  },
  imports: {
    title: 'Files of meter data that were handed in: points nobody knew, and their meters.',
    says: ['premise.premise.registered.v1', 'premise.service-point.registered.v1', 'metering.meter.installed.v1'],
    verifies: false,
  },
};

/** Systems that have a client at the API, by the name of their source. */
export const clientsDeclared: readonly { readonly name: string; readonly scopes: readonly Scope[] }[] = Object.entries(
  sources,
).flatMap(([name, { scopes: asked }]) => (asked === undefined ? [] : [{ name, scopes: asked }]));

/** This system itself, and the people at its routes. */
const house: Source = {
  title: 'This system: what it judges, and what people do at its routes.',
  says: [...factTypes.values()].map(({ type }) => type),
  verifies: true,
};

/** What is declared of a source; undefined for one that nobody declared, which may say nothing. */
export const sourceNamed = (name: string): Source | undefined => {
  if (name === ownSystem) return house;
  return Object.hasOwn(sources, name) ? sources[name] : undefined;
};

/** Of a sender that speaks for this system alone. */
export const ownSource = (name: string): Source | undefined => (name === ownSystem ? house : undefined);

/** Whether a source may say facts of a type: those declared, and the taking back of what it may say. */
export const maySay = (source: Source, type: string): boolean => {
  if (source === house) return true;
  if (factTypes.get(type)?.ownOnly === true) return false;
  if (!isRetraction(type)) return source.says.some((said) => said === type);
  return source.says.some((said) => entityOf(said) === entityOf(type));
};

const isWithin = (value: unknown, said: Said): boolean => {
  if (said === 'any') return true;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every((one) => said.some((allowed) => allowed === one));
};

/** Namespaces in which a source may not name things: each system that is declared gives the names in its own. */
const foreignNamespaces = (source: Source): ReadonlySet<string> =>
  new Set(Object.entries(sources).flatMap(([name, one]) => (source === house || source === one ? [] : [name])));

/** Whether references give a thing a name that another system gives: what that one says of its own would then be of this thing. */
const namesForOthers = (source: Source, references: unknown): boolean => {
  const foreign = foreignNamespaces(source);
  const all: readonly unknown[] = Array.isArray(references) ? references : [];
  return all.some(
    (one) => typeof one === 'object' && one !== null && 'namespace' in one && foreign.has(String(one.namespace)),
  );
};

/** Members of a fact's data, as it was sent, that are not for the source to say. */
export const notItsToSay = (
  source: Source,
  type: string,
  data: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const within = source.within?.[type];
  const given = Object.entries(data).filter(([, value]) => value !== undefined);
  return given.flatMap(([member, value]) => {
    if (member === 'verified' && value !== false && !source.verifies) return [member];
    if (member === 'references' && namesForOthers(source, value)) return [member];
    if (within === undefined) return [];
    const said = Object.hasOwn(within, member) ? within[member] : undefined;
    return said !== undefined && isWithin(value, said) ? [] : [member];
  });
};
