import type { families } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { RuleId, RuleParameters } from '#shared/vocabulary/reading-rules.ts';

/** Facts whose every field is as long as its contract lets it be, for what must stay bounded. */

/** Text of the most bytes that a field of `length` characters may hold. */
export const longText = (length: number): string => '漢'.repeat(length);
const longReference = (namespace: string, n: number) => ({
  namespace: namespace.padEnd(40, 'x'),
  value: `${n}-`.padEnd(120, '漢'),
});
const references = (namespace: string, n: number, most: number) =>
  Array.from({ length: most }, (_, index) => longReference(namespace, n * most + index));
const numbered = (kind: IdKind, n: number): string => mintedId(kind, `heavy-${kind}-${n}`);

export const subjects = {
  customer: numbered('customer', 0),
  account: numbered('account', 0),
  premise: numbered('premise', 0),
} as const;

const day = (n: number): string => new Date(Date.UTC(2010, 0, 1 + (n % 5400))).toISOString().slice(0, 10);
const money = (n: number, sign = 1) => ({ amountMinor: sign * (999_999_999_000 - n), currency: 'GBP' });

interface Heavy {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly subjects: readonly string[];
  readonly families: readonly FamilyName[];
}

const one = (type: string, subject: string, family: FamilyName, data: Heavy['data']): Heavy => ({
  type,
  data,
  subjects: [subject],
  families: [family],
});

/** The n-th fact of each family: what adds most to its state. */
export const heavy = {
  identity: (n) => {
    const data = {
      kind: 'person',
      name: { title: longText(40), given: longText(200), family: `${longText(195)}${n % 9999}` },
      dateOfBirth: '1984-05-02',
      language: 'cym-GB',
      references: references('crm', n, 10),
    };
    return n === 0
      ? one('customer.profile.registered.v1', subjects.customer, 'identity', data)
      : one('customer.profile.corrected.v1', subjects.customer, 'identity', { customer: subjects.customer, ...data });
  },
  contact: (n) =>
    one('customer.contact-point.added.v1', subjects.customer, 'contact', {
      customer: subjects.customer,
      kind: 'post',
      value: `${n}`.padEnd(300, '漢'),
      label: longText(60),
      verified: true,
      preferred: n % 7 === 0,
    }),
  links: (n) => {
    const other = numbered('customer', n + 1);
    const named = { subjects: [subjects.customer, other], families: ['links', 'links'] } as const;
    const reason = longText(500);
    if (n % 3 === 0) {
      const data = { survivor: subjects.customer, alias: other, reason };
      return { ...named, type: 'customer.identity.merged.v1', data };
    }
    const data = { customer: subjects.customer, other, reason };
    const type = n % 3 === 1 ? 'customer.identity.distinguished.v1' : 'customer.duplicate.claimed.v1';
    return { ...named, type, data };
  },
  roles: (n) => ({
    type: 'account.role.granted.v1',
    subjects: [numbered('account', n), subjects.customer],
    families: ['account', 'roles'],
    data: { account: numbered('account', n), customer: subjects.customer, role: 'guarantor', from: day(n) },
  }),
  interactions: (n) =>
    one('contact.interaction.logged.v1', subjects.customer, 'interactions', {
      customer: subjects.customer,
      channel: (
        ['phone', 'email', 'sms', 'web', 'app', 'chat', 'letter', 'in-person', 'field', 'ivr', 'social'] as const
      )[n % 11],
      direction: 'outbound',
      reason: `${'a'.repeat(40)}.${'b'.repeat(40)}`,
      summary: longText(1000),
      outcome: 'transferred',
      handover: longText(300),
      references: references('crm', n, 5),
    }),
  erasure: () => {
    const data = { customer: subjects.customer, ground: 'legal-obligation', reason: longText(300) };
    return one('customer.erasure.requested.v1', subjects.customer, 'erasure', data);
  },
  account: (n) => {
    const { account } = subjects;
    if (n === 0) {
      const data = { currency: 'GBP', references: references('billing', 0, 10), openedOn: day(0) };
      return one('account.account.opened.v1', account, 'account', data);
    }
    if (n % 2 === 0) {
      const customer = numbered('customer', n);
      const data = { account, customer, role: 'guarantor', from: day(n), ...(n % 3 === 0 ? { to: day(n + 1) } : {}) };
      return {
        type: 'account.role.granted.v1',
        subjects: [account, customer],
        families: ['account', 'roles'],
        data,
      };
    }
    return {
      type: 'account.agreement.started.v1',
      subjects: [account, numbered('premise', n)],
      families: ['account', 'supply'],
      data: {
        account,
        servicePoint: numbered('servicePoint', n),
        tariff: longText(40),
        from: day(n),
        ...(n % 3 === 0 ? { to: day(n + 1) } : {}),
        references: references('billing', n, 10),
      },
    };
  },
  billing: (n) =>
    one('billing.bill.issued.v1', subjects.account, 'billing', {
      account: subjects.account,
      number: `${n}`.padEnd(40, '漢'),
      amount: money(n),
      issuedOn: day(n),
      dueOn: day(n + 14),
      references: references('billing', n, 5),
    }),
  premise: (n) => {
    if (n === 0) {
      return one('premise.premise.registered.v1', subjects.premise, 'premise', {
        address: {
          lines: Array(4).fill(longText(120)),
          town: longText(60),
          postcode: longText(12),
          country: 'GB',
        },
        region: longText(40),
        references: references('uprn', n, 10),
      });
    }
    return one('premise.service-point.registered.v1', subjects.premise, 'premise', {
      premise: subjects.premise,
      commodity: 'electricity',
      zone: 'America/Argentina/ComodRivadavia',
      connection: 'physically-disconnected',
      references: references('mpan', n, 10),
    });
  },
  supply: (n) => ({
    type: 'account.agreement.started.v1',
    subjects: [numbered('account', n), subjects.premise],
    families: ['account', 'supply'],
    data: {
      account: numbered('account', n),
      servicePoint: numbered('servicePoint', n),
      tariff: longText(40),
      from: day(n),
      references: references('billing', n, 10),
    },
  }),
  metering: (n) =>
    one('metering.meter.installed.v1', subjects.premise, 'metering', {
      servicePoint: numbered('servicePoint', n % 40),
      meter: numbered('meter', n),
      serial: longText(40),
      from: `${day(n)}T00:00:00.000Z`,
      registers: Array.from({ length: 8 }, (_, index) => ({
        register: `register`.slice(0, 7) + String(index),
        read: Number.MAX_SAFE_INTEGER - n,
        validation: {
          off: RuleId.options,
          on: RuleId.options,
          parameters: Object.fromEntries(
            Object.keys(RuleParameters.shape).map((name) => [name, name === 'identical.values' ? 2 : 1]),
          ),
          dial: { digits: 12, powerOfTen: -6, multiplier: 1_000_000 },
          gas: { kilojoulesPerM3: 1_000_000, correctionPerMillion: 100_000_000 - n, source: longText(80) },
        },
      })),
    }),
  outage: (n) => ({
    type: 'service.outage.reported.v1',
    subjects: [numbered('outage', n), subjects.premise],
    families: ['outage', 'outage'],
    data: {
      premise: subjects.premise,
      commodity: 'electricity',
      startedAt: `${day(n)}T00:00:00.000Z`,
      expectedBy: `${day(n + 1)}T00:00:00.000Z`,
      planned: true,
      description: longText(500),
      references: references('field', n, 5),
    },
  }),
} satisfies Readonly<Record<keyof typeof families, (n: number) => Heavy>>;

const heavyByName: ReadonlyMap<FamilyName, (n: number) => Heavy> = new Map(Object.entries(heavy));

/** What adds most to a state of the family of a name. */
export const heavyOf = (family: FamilyName): ((n: number) => Heavy) => {
  const made = heavyByName.get(family);
  if (made === undefined) throw new RangeError(`nothing heavy is known of the family ${family}`);
  return made;
};

const begun = Date.UTC(2012, 0, 1);

/** A fact as it is kept, an hour after the one before it; its source has one of 30 long names. */
export const keptFact = (n: number, { type, data, subjects: named, families }: Heavy): Fact => {
  const definition = factTypes.get(type);
  if (definition === undefined) throw new Error(`no fact type ${type}`);
  definition.data.parse(data);
  const system = `${'source-'.padEnd(38, 's')}${String(n % 30).padStart(2, '0')}`;
  const id = factIdOf(system, `heavy-${n}-${type}`);
  const at = new Date(begun + n * 3_600_000).toISOString();
  return asFact({
    id,
    type,
    source: { system, actor: `system:${system}`.padEnd(200, 'a') },
    sourceEventId: `heavy-${n}`,
    sourceSequence: 0,
    occurredAt: at,
    recordedAt: at,
    data,
    subjects: named,
    families,
    ...(definition.creates === undefined ? {} : { entity: mintedId(definition.creates, id) }),
  });
};
