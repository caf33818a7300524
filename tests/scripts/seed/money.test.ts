import { beforeAll, describe, expect, test } from 'vitest';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { readUsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { StoryAccount } from '#scripts/seed/accounts.ts';
import { charge } from '#scripts/seed/bills.ts';
import { blocksOf } from '#scripts/seed/blocks.ts';
import type { PartyStory } from '#scripts/seed/setting.ts';
import { type Story, storyOf } from '#scripts/seed/story.ts';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { smallStory } from './options.ts';

let story: Story;
let told: PartyStory[];

beforeAll(() => {
  story = storyOf(smallStory);
  told = story.cast.map((party) => story.tell(party));
});

const factsOf = (party: PartyStory): IncomingFact[] => party.steps.flatMap(({ facts }) => [...facts]);

/** What the blocks of a party's meters say of a point's register between two local dates: summed from the bytes that are sent. */
const sentUsage = (party: PartyStory): ((point: string, register: string, from: string, to: string) => number) => {
  const values = new Map<string, { at: number; value: number }[]>();
  for (const point of party.supplies.flatMap(({ points }) => points)) {
    for (const meter of point.meters) {
      for (const which of ['in-time', 'late'] as const) {
        for (const { body } of blocksOf(story.calendar, meter, meterIdOf(meter.serial), which)) {
          const { block } = readUsageBlock(body);
          if (block === undefined) throw new Error('a block does not pass its contract');
          const key = `${point.reference.value} ${block.register}`;
          const held = values.get(key) ?? [];
          values.set(key, held);
          block.values.forEach((value, index) => {
            if (value !== null) held.push({ at: block.start + index * block.interval, value });
          });
        }
      }
    }
  }
  return (point, register, from, to) => {
    const [start, end] = [startOfDate(smallStory.zone, from), startOfDate(smallStory.zone, to)];
    const held = values.get(`${point} ${register}`) ?? [];
    return held.reduce((sum, { at, value }) => (at >= start && at < end ? sum + value : sum), 0);
  };
};

const amountOf = (fact: IncomingFact): number => {
  const { amount } = fact.data;
  if (typeof amount !== 'object' || amount === null || !('amountMinor' in amount)) throw new Error('no amount');
  return Number(amount.amountMinor);
};

describe('bills and payments of the seeded utility', () => {
  test('every bill adds up to the readings that are sent for its days', () => {
    let usageLines = 0;
    for (const party of told) {
      const sent = sentUsage(party);
      for (const bill of party.accounts.flatMap(({ bills }) => bills)) {
        expect(bill.amountMinor).toBe(bill.lines.reduce((sum, line) => sum + line.amountMinor, 0));
        for (const line of bill.lines) {
          if (line.kind === 'standing' || line.register === undefined) continue;
          usageLines += 1;
          expect(line.quantity).toBe(sent(line.point.value, line.register, line.from, line.to));
        }
      }
    }
    expect(usageLines).toBeGreaterThan(500);
  });

  test('prices are applied in whole minor units, half up', () => {
    expect(charge(1000, 2_486)).toBe(25);
    expect(charge(1000, 2_450)).toBe(25);
    expect(charge(1000, 2_449)).toBe(24);
    expect(charge(0, 2_486)).toBe(0);
    expect(charge(123_456, 2_486)).toBe(3_069);
  });

  test('bills follow each other day by day, are issued after their last day and due 14 days later', () => {
    for (const account of told.flatMap(({ accounts }) => accounts)) {
      expect(account.bills.length).toBeGreaterThan(0);
      account.bills.forEach((bill, index) => {
        expect(bill.from < bill.to && bill.to <= bill.issuedOn).toBe(true);
        expect(startOfDate('UTC', bill.dueOn) - startOfDate('UTC', bill.issuedOn)).toBe(14 * 86_400);
        if (index > 0) expect(bill.from).toBe(account.bills[index - 1]?.to);
      });
    }
  });

  test('the facts bill what the bills say; what was sent by mistake is taken back', () => {
    for (const party of told) {
      const facts = factsOf(party);
      const retracted = new Set(
        facts.filter(({ type }) => type === 'billing.bill.retracted.v1').map(({ data }) => data.factId),
      );
      const standing = facts.filter(
        (fact) =>
          fact.type === 'billing.bill.issued.v1' && !retracted.has(factIdOf(fact.source.system, fact.sourceEventId)),
      );
      const bills = party.accounts.flatMap((account) => account.bills);
      expect(standing.reduce((sum, fact) => sum + amountOf(fact), 0)).toBe(
        bills.reduce((sum, bill) => sum + bill.amountMinor, 0),
      );
      expect(standing).toHaveLength(bills.length);
      const issued = facts.filter(({ type }) => type === 'billing.bill.issued.v1').length;
      expect(issued - standing.length).toBe(party.party.billMistake === undefined ? 0 : 1);
    }
  });

  const owedBy = (account: StoryAccount): number =>
    account.bills.reduce((sum, bill) => sum + bill.amountMinor, 0) -
    account.payments.reduce((sum, payment) => sum + (payment.reversedAt === undefined ? payment.amountMinor : 0), 0);

  test('who pays by direct debit owes at the end no more than the bills that are not yet due', () => {
    let seen = 0;
    for (const { party, accounts } of told) {
      if (party.pays !== 'direct-debit') continue;
      for (const account of accounts) {
        seen += 1;
        const notYetDue = account.bills.filter(({ dueOn }) => dueOn >= smallStory.until);
        const credit = account.bills.reduce((sum, bill) => sum + Math.min(0, bill.amountMinor), 0);
        expect(owedBy(account)).toBeGreaterThanOrEqual(credit);
        expect(owedBy(account)).toBeLessThanOrEqual(notYetDue.reduce((sum, bill) => sum + bill.amountMinor, 0));
      }
    }
    expect(seen).toBeGreaterThan(30);
  });

  test('the late payer owes overdue money at the end', () => {
    const late = told.find(({ party }) => party.number === 10)?.accounts[0];
    const due = late?.bills.filter(({ dueOn }) => dueOn < smallStory.until) ?? [];
    const paid = late?.payments.reduce((sum, payment) => sum + payment.amountMinor, 0) ?? 0;
    expect(due.reduce((sum, bill) => sum + bill.amountMinor, 0)).toBeGreaterThan(paid);
    expect(paid).toBeGreaterThan(0);
  });

  test('a payment that was reversed is paid again, and the reversal names it', () => {
    const party = told.find(({ party: { number } }) => number === 11);
    if (party === undefined) throw new Error('no such party');
    const facts = factsOf(party);
    const reversal = facts.find(({ type }) => type === 'billing.payment.reversed.v1');
    const payments = facts.filter(({ type }) => type === 'billing.payment.received.v1');
    const back = payments.find(
      ({ data }) => JSON.stringify(data.references) === JSON.stringify([reversal?.data.payment]),
    );
    expect(back).toBeDefined();
    const again = payments.find((fact) => back !== undefined && fact !== back && amountOf(fact) === amountOf(back));
    expect(again?.data.method).toBe('card');
    expect((again?.occurredAt ?? '') > (reversal?.occurredAt ?? '')).toBe(true);
  });
});
