import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { byBilling, byCrm, byField, type SentFact } from '#tests/support/small-world.ts';

/** The homes of a utility whose database fails, and what its systems send of them. */

export const began = '2024-01-01';
const zone = 'Europe/London';

export const customerOf = (home: number) => ({ namespace: 'crm', value: `home-${home}` });
export const accountOf = (home: number) => ({ namespace: 'billing', value: `home-${home}` });
const premiseOf = (home: number) => ({ namespace: 'uprn', value: `home-${home}` });
export const pointOf = (home: number) => ({ namespace: 'mpan', value: `home-${home}` });
export const pathOf = ({ namespace, value }: { readonly namespace: string; readonly value: string }): string =>
  `${namespace}:${value}`;

const consonants = 'bcdfghklmnprstvz';
/** A family name of its own for each home. */
export const familyOf = (home: number): string =>
  `O${[16, 1].map((of) => `${consonants[Math.floor(home / of) % 16] ?? 'b'}a`).join('')}field`;

/** An instant of the story: second by second from its start. */
export const at = (second: number): string => new Date(Date.UTC(2024, 0, 2) + second * 1000).toISOString();
export const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

export const openingFacts = (home: number): readonly SentFact[] => [
  byField(`prm-${home}`, 'premise.premise.registered.v1', at(-9), {
    address: { lines: [`${home + 1} Quay Street`], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' },
    references: [premiseOf(home)],
  }),
  byField(`svp-${home}`, 'premise.service-point.registered.v1', at(-8), {
    premise: premiseOf(home),
    commodity: 'electricity',
    zone,
    references: [pointOf(home)],
  }),
  byField(`ins-${home}`, 'metering.meter.installed.v1', at(-7), {
    servicePoint: pointOf(home),
    meter: { namespace: 'serial', value: `RT-${home}` },
    from: '2024-01-01T00:00:00.000Z',
  }),
  byCrm(`cus-${home}`, 'customer.profile.registered.v1', at(-6), {
    kind: 'person',
    name: { given: 'Amara', family: familyOf(home) },
    references: [customerOf(home)],
  }),
  byBilling(`acc-${home}`, 'account.account.opened.v1', at(-5), { currency: 'GBP', references: [accountOf(home)] }),
  byBilling(`rol-${home}`, 'account.role.granted.v1', at(-4), {
    account: accountOf(home),
    customer: customerOf(home),
    role: 'holder',
    from: began,
  }),
  byBilling(`agr-${home}`, 'account.agreement.started.v1', at(-3), {
    account: accountOf(home),
    servicePoint: pointOf(home),
    tariff: 'STANDARD',
    from: began,
  }),
];

/** Body of the request that registers the meter of a home. */
export const meterOf = async (home: number) => ({
  serial: `RT-${home}`,
  csr: await makeSigningRequest(`RT-${home}`, newDeviceKey()),
  registers: [
    { id: '1', commodity: 'electricity', flow: 'forward', unit: 'Wh', powerOfTen: 0, intervalSeconds: 1800, zone },
  ],
});

/** A whole local day of a meter: 46, 48 or 50 half-hours. */
export const dayOf = (meter: string, home: number, day: number): UsageBlock => {
  const start = startOfDate(zone, addDays(began, day));
  const end = startOfDate(zone, addDays(began, day + 1));
  const values = Array.from({ length: (end - start) / 1800 }, (_, n) => (day * 31 + n * 7 + home * 13) % 997);
  return { v: 1, meter, register: '1', start, interval: 1800, values, seq: day, revision: 0 };
};

/** What a fact adds to the balance of its account, in pence. */
export const weightOf = (fact: Pick<SentFact, 'type' | 'data'>): number => {
  const { amount } = fact.data;
  const minor =
    typeof amount === 'object' && amount !== null && 'amountMinor' in amount ? Number(amount.amountMinor) : 0;
  if (fact.type === 'billing.bill.issued.v1') return minor;
  return fact.type === 'billing.payment.received.v1' ? -minor : 0;
};

/** The n-th fact that a system of the utility sends of a home; one in 20 comes late. */
export const factOf = (n: number, home: number, kind: number): SentFact => {
  const second = n % 20 === 0 ? (n * 7919) % (n + 1) : n;
  switch (kind) {
    case 0:
      return byBilling(`bil-${n}`, 'billing.bill.issued.v1', at(second), {
        account: accountOf(home),
        number: `B-${n}`,
        amount: gbp(5000 + (n % 997)),
        issuedOn: at(second).slice(0, 10),
        dueOn: addDays(at(second).slice(0, 10), 14),
      });
    case 1:
      return byCrm(`int-${n}`, 'contact.interaction.logged.v1', at(second), {
        customer: customerOf(home),
        channel: 'phone',
        reason: 'billing.high-bill',
        summary: `Call number ${n}.`,
      });
    case 2:
      return byField(`out-${n}`, 'service.outage.reported.v1', at(second), {
        premise: premiseOf(home),
        commodity: 'electricity',
        references: [{ namespace: 'field', value: `out-${n}` }],
      });
    case 3:
      return byCrm(`cor-${n}`, 'customer.profile.corrected.v1', at(second), {
        customer: customerOf(home),
        language: n % 2 === 0 ? 'en' : 'cy',
      });
    default:
      return byBilling(`pay-${n}`, 'billing.payment.received.v1', at(second), {
        account: accountOf(home),
        amount: gbp(100 + (n % 499)),
      });
  }
};
