import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { readUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { blocksOf } from '#scripts/seed/blocks.ts';
import { castOf, secondRecords } from '#scripts/seed/cast.ts';
import { describeStory } from '#scripts/seed/describe.ts';
import { type FactBatch, factBatchesOf } from '#scripts/seed/plan.ts';
import type { PartyStory } from '#scripts/seed/setting.ts';
import { type Story, storyOf } from '#scripts/seed/story.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { smallStory } from './options.ts';

let story: Story;
let told: PartyStory[];
let batches: FactBatch[];
let facts: IncomingFact[];

beforeAll(() => {
  story = storyOf(smallStory);
  told = story.cast.map((party) => story.tell(party));
  batches = factBatchesOf(story);
  facts = batches.flatMap((batch) => batch.facts);
});

const metersOf = (party: PartyStory) => party.supplies.flatMap(({ points }) => points.flatMap(({ meters }) => meters));

const digestOf = (of: Story): string => {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify(factBatchesOf(of).map(({ at, facts: sent, meters }) => [at, sent, meters.map((m) => m.serial)])),
  );
  for (const party of of.cast) {
    for (const meter of metersOf(of.tell(party))) {
      for (const which of ['in-time', 'late'] as const) {
        for (const { body } of blocksOf(of.calendar, meter, meterIdOf(meter.serial), which)) hash.update(body);
      }
    }
  }
  return hash.digest('hex');
};

describe('the story of the seeded utility', () => {
  test('told twice from the same options it is the same, byte for byte, and another seed tells another', () => {
    const again = digestOf(storyOf({ ...smallStory }));
    expect(digestOf(story)).toBe(again);
    expect(digestOf(storyOf({ ...smallStory, seed: 'other' }))).not.toBe(again);
  });

  test('a customer’s story does not depend on how many others there are', () => {
    const larger = storyOf({ ...smallStory, customers: 44 });
    const [here, there] = [new Map(told.map((one) => [one.party.number, one])), larger.cast];
    const shared = there.filter(({ number, size }) => number + size <= smallStory.customers);
    expect(shared.length).toBeGreaterThan(25);
    for (const party of shared) {
      expect(larger.tell(party).steps.flatMap((step) => step.facts)).toEqual(
        here.get(party.number)?.steps.flatMap((step) => step.facts),
      );
    }
  });

  test.each([1, 2, 3, 4, 5, 12, 24, 25, 61, 500])('a utility of %i customers has exactly so many', (customers) => {
    const cast = castOf({ ...smallStory, customers });
    expect(cast.reduce((sum, { size }) => sum + size, 0)).toBe(customers);
    const numbers = cast.flatMap(({ number, size }) => (size === 1 ? [number] : [number, number + 1]));
    expect(numbers).toEqual(Array.from({ length: customers }, (_, index) => index + 1));
  });

  test('every fact passes the envelope and the contract of its type', () => {
    for (const fact of facts) {
      expect(IncomingFact.safeParse(fact).error).toBeUndefined();
      const definition = factTypes.get(fact.type);
      expect(definition?.type).toBe(fact.type);
      const parsed = definition?.data.safeParse(fact.data);
      expect(parsed?.error, `${fact.type} ${fact.sourceEventId}`).toBeUndefined();
    }
  });

  test('each event has an id of its own, and nothing happens outside the story or after it is sent', () => {
    const ids = facts.map(({ source, sourceEventId }) => `${source.system} ${sourceEventId}`);
    expect(new Set(ids).size).toBe(facts.length);
    let clock = story.calendar.from;
    for (const batch of batches) {
      expect(batch.at).toBeGreaterThanOrEqual(clock);
      clock = batch.at;
      expect(batch.facts.length).toBeLessThanOrEqual(100);
      for (const fact of batch.facts) {
        expect(secondsOf(fact.occurredAt)).toBeGreaterThanOrEqual(story.calendar.from);
        expect(secondsOf(fact.occurredAt)).toBeLessThanOrEqual(batch.at);
      }
    }
    expect(clock).toBeLessThan(story.calendar.to);
  });

  test('the parts that were promised are all there', () => {
    const kinds = new Set(facts.map(({ type }) => type));
    for (const type of factTypes.keys()) {
      if (type.endsWith('.retracted.v1') && type !== 'billing.bill.retracted.v1') continue;
      if (type === 'customer.contact-point.removed.v1') continue;
      // The system tells these itself, of the dark street and of judged readings; corrections come by their route alone.
      if (type === 'service.area-outage.proposed.v1' || type === 'service.outage.joined.v1') continue;
      if (/^metering\.(exception|month|correction|task|insight)\./.test(type)) continue;
      // Nobody in the story asks for a payment to be taken back, or for what customers may not change.
      if (/^(billing\.reversal|contact\.change-request)\./.test(type)) continue;
      // Nobody in the story asks to be erased.
      if (type.startsWith('customer.erasure.')) continue;
      // What sources say otherwise in the story is left for people to settle.
      if (type.endsWith('.dispute.settled.v1')) continue;
      // Nobody in the story is cut off.
      if (type === 'premise.service-point.changed.v1') continue;
      expect(kinds).toContain(type);
    }
    const byKey = new Map(describeStory(smallStory).map((character) => [character.key, character]));
    expect(byKey.get('landlord')?.accounts).toHaveLength(12);
    expect(byKey.get('multi-site')?.accounts).toHaveLength(8);
    expect(byKey.get('joint-holders')?.customers).toEqual(['crm:C-00002', 'crm:C-00003']);
    expect(byKey.get('outage-street')?.premises).toHaveLength(12);
    expect(byKey.get('solar')?.customers).toEqual(['crm:C-00009']);
  });

  test('some customers are known twice, each for a reason of the story, and not many', () => {
    const seconds = (customers: number) =>
      castOf({ ...smallStory, customers }).flatMap(({ secondRecord }) => secondRecord ?? []);
    expect(new Set(seconds(40))).toEqual(new Set(secondRecords));
    expect(seconds(500).length).toBeGreaterThan(15);
    expect(seconds(500).length).toBeLessThan(35);
    for (const key of secondRecords) {
      const party = told.find(({ party: { secondRecord, number } }) => secondRecord === key && number < 24);
      const own = party?.steps.flatMap((step) => step.facts) ?? [];
      const [mine, second] = own.filter(({ type }) => type === 'customer.profile.registered.v1');
      expect(second?.source.system).toBe('billing');
      const sameBirth = mine?.data.dateOfBirth === second?.data.dateOfBirth;
      expect(sameBirth, key).toBe(key !== 'namesake' && key !== 'disputed');
    }
  });

  test('every outage ends, each at its own premise', () => {
    const reported = facts.filter(({ type }) => type === 'service.outage.reported.v1');
    const restored = facts.filter(({ type }) => type === 'service.outage.restored.v1');
    expect(reported).toHaveLength(12);
    expect(new Set(reported.map(({ data }) => JSON.stringify(data.premise))).size).toBe(12);
    expect(restored.map(({ data }) => JSON.stringify(data.outage)).toSorted()).toEqual(
      reported
        .map(({ data }) => JSON.stringify(Array.isArray(data.references) ? data.references[0] : undefined))
        .toSorted(),
    );
  });

  test('agreements at one service point never overlap, also where people move', () => {
    const terms = new Map<string, { from: string; to: string }[]>();
    for (const { accounts } of told) {
      for (const term of accounts.flatMap((account) => account.terms)) {
        const at = term.point.reference.value;
        terms.set(at, [...(terms.get(at) ?? []), { from: term.from, to: term.to ?? '9999-12-31' }]);
      }
    }
    const shared = [...terms.values()].filter(({ length }) => length > 1);
    expect(shared.length).toBeGreaterThan(0);
    for (const held of terms.values()) {
      const sorted = held.toSorted((a, b) => (a.from < b.from ? -1 : 1));
      for (const [index, term] of sorted.entries()) {
        expect(term.from < term.to).toBe(true);
        expect((sorted[index - 1]?.to ?? '0000') <= term.from).toBe(true);
      }
    }
    for (const { type, data } of facts) {
      if (type !== 'account.agreement.ended.v1') continue;
      expect(
        facts.some(
          (fact) => fact.type === 'account.agreement.started.v1' && fact.data.servicePoint === data.servicePoint,
        ),
      ).toBe(true);
    }
  });

  test('a meter’s days have 46, 48 or 50 half-hours by the clocks, and follow each other without overlap', () => {
    const changes: Record<string, number> = {};
    for (const day of story.calendar.days) if (day.intervals !== 48) changes[day.date] = day.intervals;
    expect(changes).toEqual({ '2025-10-26': 50, '2026-03-29': 46 });
    for (const party of told) {
      for (const meter of metersOf(party)) {
        const days = [...blocksOf(story.calendar, meter, meterIdOf(meter.serial), 'in-time')];
        const late = [...blocksOf(story.calendar, meter, meterIdOf(meter.serial), 'late')];
        const spans = [...days, ...late].map(({ body }) => {
          const { block } = readUsageBlock(body);
          if (block === undefined) throw new Error('a block does not pass its contract');
          const day = story.calendar.days.findLast(({ from }) => from <= block.start);
          const last = day === undefined ? 0 : day.from + day.intervals * 1800;
          expect(block.start + block.values.length * 1800).toBeLessThanOrEqual(last);
          return { register: block.register, from: block.start, to: block.start + block.values.length * 1800 };
        });
        for (const register of meter.registers) {
          const own = spans
            .filter((span) => span.register === register.register.id)
            .toSorted((a, b) => a.from - b.from);
          expect(own.length).toBeGreaterThan(100);
          own.slice(1).forEach((span, index) => {
            expect(span.from).toBeGreaterThanOrEqual(own[index]?.to ?? 0);
          });
        }
      }
    }
  });

  test('an exchange of meters hands over at one instant: no half-hour is counted twice, none is lost', () => {
    const exchanged = told.flatMap(metersOf).filter(({ serial }) => serial.startsWith('RT-00012-1'));
    expect(exchanged.map(({ serial }) => serial)).toEqual(['RT-00012-1-E1', 'RT-00012-1-E2']);
    const [old, next] = exchanged;
    expect([old?.from, next?.to]).toEqual([0, story.calendar.intervals]);
    expect(old?.to).toBe(next?.from);
  });

  test('panels feed in by day only, and the home takes nothing from the network while they do', () => {
    const solar = told.find(({ party }) => party.number === 9);
    const [forward, reverse] = solar?.supplies[0]?.points[0]?.registers ?? [];
    let fedIn = 0;
    for (const day of story.calendar.days) {
      for (let at = 0; at < day.intervals; at += 1) {
        const out = reverse?.load[day.first + at] ?? 0;
        if (out === 0 || out === 65_535) continue;
        fedIn += out;
        expect(day.slots[at]).toBeGreaterThan(7);
        expect(day.slots[at]).toBeLessThan(44);
        expect(forward?.load[day.first + at]).toBe(0);
      }
    }
    expect(fedIn).toBeGreaterThan(500_000);
  });

  test('nobody can be reached: every number, address and e-mail is of a range that is kept for fiction', () => {
    const points = facts.filter(({ type }) => type.startsWith('customer.contact-point.')).map(({ data }) => data);
    for (const { kind, value } of points) {
      const text = String(value);
      if (kind === 'phone') expect(text.replaceAll(/\D/g, '')).toMatch(/^(0|44)(1632960|7700900)\d{3}$/);
      if (kind === 'email') expect(text).toMatch(/@([a-z]+\.)?example\.com$/);
    }
    for (const { type, data } of facts) {
      if (type !== 'premise.premise.registered.v1') continue;
      expect(JSON.stringify(data.address)).toMatch(/"postcode":"ZZ\d \d[A-Z]{2}"/);
    }
    expect(points.length).toBeGreaterThan(80);
  });

  test('outside Britain the numbers are 555-01xx', () => {
    const abroad = storyOf({ ...smallStory, customers: 12, zone: 'America/New_York', currency: 'USD' });
    const numbers = factBatchesOf(abroad)
      .flatMap((batch) => batch.facts)
      .filter(({ data }) => data.kind === 'phone')
      .map(({ data }) => String(data.value).replaceAll(/\D/g, ''));
    expect(numbers.length).toBeGreaterThan(10);
    for (const number of numbers) expect(number).toMatch(/^1\d{3}55501\d{2}$/);
  });

  test('no two share a phone number, a door, a reference', () => {
    // A second record of a customer holds what the first does.
    const first = facts.filter(({ sourceEventId }) => !sourceEventId.includes('-second-'));
    const values = (type: string, pick: (data: IncomingFact['data']) => unknown) =>
      first.filter((fact) => fact.type === type).map(({ data }) => JSON.stringify(pick(data)));
    for (const list of [
      values('customer.contact-point.added.v1', ({ kind, value }) => [kind, value]),
      values('premise.premise.registered.v1', ({ address }) => address),
      values('premise.service-point.registered.v1', ({ references }) => references),
      values('account.account.opened.v1', ({ references }) => references),
      values('billing.payment.received.v1', ({ references }) => references),
    ]) {
      expect(list.length).toBeGreaterThan(20);
      expect(new Set(list).size).toBe(list.length);
    }
  });
});
