import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { ownSource } from '#shared/contracts/facts/sources.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { RunningSystem } from '#tests/support/running-system.ts';
import {
  addMeter,
  byBilling,
  byCrm,
  byField,
  idNamed,
  named,
  personFact,
  placeFacts,
  type SentFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import { familyOf, type Marker, names, type Occupier, occupiers, people, stays } from './promised-time.ts';

/** The house of `promised-time`, on a running system, with a value of its own in each thing that is told. */

/** A fact, and the markers that stand in it; `internal` where customers are told of none. */
export interface ToldFact {
  readonly id: string;
  readonly event: string;
  readonly markers: readonly Marker[];
  readonly internal: boolean;
}
export interface House {
  readonly customers: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<Occupier, string>;
  readonly premise: string;
  readonly points: readonly string[];
  readonly meters: readonly string[];
  readonly outages: readonly { readonly id: string; readonly markers: readonly Marker[] }[];
  readonly facts: readonly ToldFact[];
  readonly markers: readonly Marker[];
}

const zone = 'Europe/London';
const began = '2025-10-01T08:00:00.000Z';
/** A day well within the time of each: later than the roles of others on the account begin. */
const within = { former: '2026-02-10', own: '2026-04-20', next: '2026-07-10', neighbour: '2026-04-20' } as const;
/** When all of it was told: long after, in the time of the last. */
const toldOn = '2026-09-01';

let made = 7_100_000;
const numberMarker = (): number => {
  made += 13;
  return made;
};

class Story {
  readonly markers: Marker[] = [];
  readonly #inFact = new Map<string, Marker[]>();
  readonly internal = new Set<string>();

  number(event: string, of: Marker['of']): number {
    const value = numberMarker();
    this.text(event, of, String(value));
    return value;
  }

  text(event: string, of: Marker['of'], text: string): string {
    const marker = { text, of };
    this.markers.push(marker);
    this.#inFact.set(event, [...(this.#inFact.get(event) ?? []), marker]);
    return text;
  }

  in(event: string): readonly Marker[] {
    return this.#inFact.get(event) ?? [];
  }
}

const billing = (occupier: Occupier) => named(occupier).account;
const pointOf = (occupier: Occupier) => named(stays[occupier].point).servicePoint;
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

/** What systems say of each occupier's time. */
const saidBySystems = (story: Story, meterOf: (occupier: Occupier) => string): readonly SentFact[] =>
  occupiers.flatMap((occupier) => {
    const on = within[occupier];
    const at = `${on}T10:00:00.000Z`;
    const of = (matter: 'use' | 'home' | 'bills') => ({ matter, occupier, on });
    const commodity = occupier === 'neighbour' ? 'gas' : 'electricity';
    const reference = (event: string) => [
      { namespace: 'field', value: story.text(event, of('home'), `OUT-${occupier}-${numberMarker()}`) },
    ];
    return [
      byBilling(`bill-${occupier}`, 'billing.bill.issued.v1', at, {
        account: billing(occupier),
        number: story.text(`bill-${occupier}`, of('bills'), `B-${occupier}-${numberMarker()}`),
        amount: gbp(story.number(`bill-${occupier}`, of('bills'))),
        issuedOn: on,
        dueOn: addDays(on, 14),
      }),
      byBilling(`paid-${occupier}`, 'billing.payment.received.v1', at, {
        account: billing(occupier),
        amount: gbp(story.number(`paid-${occupier}`, of('bills'))),
        receivedOn: on,
      }),
      byField(`dark-${occupier}`, 'service.outage.reported.v1', at, {
        premise: named('house').premise,
        commodity,
        startedAt: at,
        references: reference(`dark-${occupier}`),
      }),
      byField(`light-${occupier}`, 'service.outage.restored.v1', `${on}T12:00:00.000Z`, {
        outage: { namespace: 'field', value: story.in(`dark-${occupier}`)[0]?.text ?? '' },
      }),
      byField(`leak-${occupier}`, 'metering.event.recorded.v1', at, {
        servicePoint: pointOf(occupier),
        meter: meterOf(occupier),
        event: 'leak',
        value: story.number(`leak-${occupier}`, of('home')),
      }),
    ];
  });

type Figures = Readonly<Record<string, unknown>>;
const figures = (value: number, days: number): Figures => ({
  value,
  excluded: 0,
  byQuality: [{ quality: 0, count: 48 * days, value }],
  expected: 48 * days,
  missing: 0,
  estimatedPerMille: 0,
  days,
  daysComplete: days,
});

/** What this system says of each occupier's time; told, and said to have occurred, long after it. */
const saidByHouse = (story: Story, meterOf: (occupier: Occupier) => string): readonly SentFact[] => {
  const at = (n: number): string => `${toldOn}T10:00:${String(n).padStart(2, '0')}.000Z`;
  const say = (event: string, type: string, n: number, data: Figures): SentFact => ({
    type,
    source: { system: ownSystem },
    sourceEventId: event,
    occurredAt: at(n),
    data,
  });
  const month = (event: string, n: number, occupier: Occupier, named: string, issue: number, more: Figures) =>
    say(event, 'metering.month.closed.v1', n, {
      servicePoint: pointOf(occupier),
      register: '1',
      month: named,
      issue,
      unit: 'Wh',
      powerOfTen: 0,
      openExceptions: 0,
      ...more,
    });
  const shared = { matter: 'use', occupier: 'own', on: '1900-01-01' } as const;
  const parts = (['former', 'own'] as const).map((occupier, index) => ({
    from: ['2026-03-01', '2026-03-11'][index],
    to: ['2026-03-11', '2026-04-01'][index],
    ...figures(
      story.number('month-shared', { matter: 'use', occupier, on: ['2026-03-05', '2026-03-15'][index] ?? '' }),
      [10, 21][index] ?? 0,
    ),
  }));
  const each = occupiers.flatMap((occupier, index) => {
    const on = within[occupier];
    const of = { matter: 'use', occupier, on } as const;
    const start = startOfDate(zone, on) + 36_000;
    const instant = new Date(start * 1000).toISOString();
    const insight = `svp.1.unusual-use.${start}`;
    const exception = `${meterOf(occupier)}.1.spike.${start}`;
    story.internal.add(`spike-${occupier}`);
    return [
      month(
        `month-${occupier}`,
        index,
        occupier,
        on.slice(0, 7),
        90,
        figures(story.number(`month-${occupier}`, of), 28),
      ),
      say(`insight-${occupier}`, 'metering.insight.found.v1', 10 + index, {
        servicePoint: pointOf(occupier),
        register: '1',
        insight,
        revision: 1,
        kind: 'unusual-use',
        start: instant,
        end: new Date((start + 7200) * 1000).toISOString(),
        headline: story.text(`insight-${occupier}`, of, `Unusual use ${numberMarker()}`),
        reason: 'More than usual.',
        evidence: {},
        expires: addDays(on, 30),
      }),
      say(`corrected-${occupier}`, 'metering.correction.made.v1', 20 + index, {
        servicePoint: pointOf(occupier),
        meter: meterOf(occupier),
        register: '1',
        start: instant,
        interval: 1800,
        values: [story.number(`corrected-${occupier}`, of)],
        quality: 7,
        revision: 0,
        reason: 'Read from the display.',
      }),
      say(`spike-${occupier}`, 'metering.exception.raised.v1', 30 + index, {
        servicePoint: pointOf(occupier),
        meter: meterOf(occupier),
        register: '1',
        exception: story.text(`spike-${occupier}`, of, exception),
        revision: 1,
        rule: 'spike',
        ruleVersion: 1,
        severity: 'fail',
        start: instant,
        end: new Date((start + 1800) * 1000).toISOString(),
      }),
    ];
  });
  return [
    ...each,
    month('month-shared', 40, 'own', '2026-03', 90, { ...figures(story.number('month-shared', shared), 31), parts }),
    // Issued before months had parts: whose figure it is cannot be told.
    month('month-of-old', 41, 'own', '2026-05', 90, figures(story.number('month-of-old', shared), 31)),
  ];
};

const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } } as const;

/** Merges the alias into own for good, and the other record for a while; answers the facts of it. */
const mergeRecords = async (system: RunningSystem, ids: ReadonlyMap<string, string>): Promise<readonly string[]> => {
  const survivor = ids.get('own');
  const merge = async (alias: string) => {
    const json = { survivor, alias: ids.get(alias), reason: 'One person.' };
    return String((await system.must({ method: 'POST', path: '/v1/merges', ...supervisor, json })).json.id);
  };
  await merge('alias');
  const mistaken = await merge('undone');
  await system.must({
    method: 'POST',
    path: `/v1/merges/${mistaken}/undo`,
    ...supervisor,
    json: { reason: 'Father and son.' },
  });
  await system.settle();
  const links = await system.must({ path: `/v1/customers/${survivor}/timeline?family=links&limit=100`, ...supervisor });
  const found = Array.isArray(links.json.data) ? links.json.data : [];
  return found
    .filter(({ subjects }: { subjects: readonly string[] }) => subjects.includes(ids.get('undone') ?? ''))
    .map(({ id }: { id: string }) => id);
};

/** Half-hours of a meter around the days on which others move in, each with the value of who lives there. */
const sendReadings = async (system: RunningSystem, story: Story, meter: string): Promise<void> => {
  const values = new Map<Occupier, number>(
    (['former', 'own', 'next'] as const).map((occupier) => [
      occupier,
      story.number(`read-${occupier}`, { matter: 'use', occupier, on: within[occupier] }),
    ]),
  );
  const takerOn = (date: string): Occupier =>
    date < stays.former.to ? 'former' : date < stays.own.to ? 'own' : 'next';
  const dates = [
    '2026-03-09',
    '2026-04-18',
    '2026-04-19',
    '2026-04-20',
    '2026-05-20',
    '2026-05-21',
    '2026-07-10',
  ].flatMap((date) => [date, addDays(date, 1)]);
  const outcomes = await system.served.system.ingest.take(
    [...new Set(dates)].map((date, seq) => {
      const start = startOfDate(zone, date);
      const run = Array.from({ length: 48 }, () => values.get(takerOn(date)) ?? 0);
      return {
        sequenceNumber: `${seq}`,
        thing: meter,
        data: writeUsageBlock({ v: 1, meter, register: '1', start, interval: 1800, values: run, seq, revision: 0 }),
        arrivedAt: Date.now() / 1000,
      };
    }),
  );
  const refused = outcomes.filter(({ kind }) => kind !== 'stored');
  if (refused.length > 0) throw new Error(`blocks were not stored: ${JSON.stringify(refused)}`);
};

export const buildHouse = async (system: RunningSystem): Promise<House> => {
  const story = new Story();
  const persons = names.map((name) => {
    const family = story.text(`cus-${name}`, { record: name }, familyOf(name));
    return personFact(name, 'Given', family);
  });
  const calls = names.map((name) =>
    byCrm(`call-${name}`, 'contact.interaction.logged.v1', '2026-08-01T10:00:00.000Z', {
      customer: named(name).customer,
      channel: 'phone',
      reason: story.text(`call-${name}`, { record: name }, `call.of-${name}-alone`),
    }),
  );
  const sent = await sendFacts(system, [
    ...placeFacts('house', '12 Quay Street'),
    byField('svp-house-b', 'premise.service-point.registered.v1', began, {
      premise: named('house').premise,
      commodity: 'gas',
      zone,
      references: [named('house-b').servicePoint],
    }),
    ...persons,
    ...calls,
    ...occupiers.flatMap((occupier) => [
      byBilling(`acc-${occupier}`, 'account.account.opened.v1', began, {
        currency: 'GBP',
        references: [billing(occupier)],
      }),
      byBilling(`agr-${occupier}`, 'account.agreement.started.v1', began, {
        account: billing(occupier),
        servicePoint: pointOf(occupier),
        tariff: 'STANDARD',
        from: stays[occupier].from,
        ...(stays[occupier].to === undefined ? {} : { to: stays[occupier].to }),
      }),
    ]),
    ...names.flatMap((name) =>
      (people[name] ?? []).map(({ account, role, from, to }) =>
        byBilling(`rol-${name}`, 'account.role.granted.v1', began, {
          account: billing(account),
          customer: named(name).customer,
          role,
          from,
          ...(to === undefined ? {} : { to }),
        }),
      ),
    ),
  ]);
  await system.settle();
  const [meter, next] = [await addMeter(system, 'house', 'RT-house'), await addMeter(system, 'house-b', 'RT-house-b')];
  const meterOf = (occupier: Occupier): string => (occupier === 'neighbour' ? next : meter);
  const more = await sendFacts(system, saidBySystems(story, meterOf));
  await sendReadings(system, story, meter);
  const said = saidByHouse(story, meterOf);
  const kept = await system.served.system.submit(said, {
    actor: 'system:validation',
    speaksFor: ownSource,
    supervisor: false,
  });
  const own = said.map(({ sourceEventId }, index) => {
    const result = kept[index];
    if (result?.status !== 'accepted') throw new Error(`${sourceEventId} was not kept: ${JSON.stringify(result)}`);
    return [sourceEventId, result.factId] as const;
  });
  await system.settle();
  const customers = new Map<string, string>();
  for (const name of names) customers.set(name, await idNamed(system, `/v1/customers/crm:${name}`));
  const links = await mergeRecords(system, customers);
  const accounts = new Map<Occupier, string>();
  for (const occupier of occupiers)
    accounts.set(occupier, await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${occupier} 1/2`)}`));
  const outages = await Promise.all(
    occupiers.map(async (occupier) => ({
      id: await idNamed(system, `/v1/outages/field:${story.in(`dark-${occupier}`)[0]?.text ?? ''}`),
      markers: story.in(`dark-${occupier}`),
    })),
  );
  const nobodys: Marker = { text: 'never told', of: { record: 'nobody' } };
  return {
    customers,
    accounts,
    premise: await idNamed(system, '/v1/premises/uprn:house'),
    points: [
      await idNamed(system, '/v1/service-points/mpan:house'),
      await idNamed(system, '/v1/service-points/mpan:house-b'),
    ],
    meters: [meter, next],
    outages,
    facts: [
      ...[...sent, ...more, ...own].flatMap(([event, id]) => {
        const markers = event.startsWith('light-') ? story.in(event.replace('light', 'dark')) : story.in(event);
        return markers.length === 0 ? [] : [{ id, event, markers, internal: story.internal.has(event) }];
      }),
      ...links.map((id) => ({ id, event: 'link', markers: [nobodys], internal: false })),
    ],
    markers: story.markers,
  };
};
