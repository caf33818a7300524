import { feedReference } from '#cli/feed/feed-api.ts';
import { openBenchSystem } from '#scripts/bench/bench-system.ts';
import { openHomes } from '#scripts/bench/metered-homes.ts';
import { addMonths } from '#shared/vocabulary/time.ts';

/** What a fact costs in units, counted by DynamoDB's size rules. */
export interface FactUnits {
  readonly facts: number;
  readonly writes: number;
  readonly reads: number;
}

/**
 * Tells a year of bills and payments to one household, one fact a request as other systems send them, followers included, and
 * counts what the tables were asked. The audit entry of who brought a fact is not among it.
 */
export const countFactUnits = async (): Promise<FactUnits> => {
  const system = await openBenchSystem('2026-04-01T12:00:00.000Z');
  const home = 'cost';
  const zone = 'Europe/London';
  await openHomes(system, { names: [home], zone, intervalSeconds: 1800, from: '2025-03-01' });
  system.reset();
  const account = feedReference(home);
  const facts = Array.from({ length: 12 }, (_, index) => addMonths('2025-04', index)).flatMap((month) => [
    {
      type: 'billing.bill.issued.v1',
      source: { system: 'billing' },
      sourceEventId: `bill-${month}`,
      occurredAt: `${month}-01T08:00:00.000Z`,
      data: {
        account,
        number: `B-${month}`,
        amount: { amountMinor: 8423, currency: 'GBP' },
        issuedOn: `${month}-01`,
        dueOn: `${month}-15`,
      },
    },
    {
      type: 'billing.payment.received.v1',
      source: { system: 'billing' },
      sourceEventId: `payment-${month}`,
      occurredAt: `${month}-11T08:00:00.000Z`,
      data: { account, amount: { amountMinor: 8423, currency: 'GBP' }, method: 'direct-debit' },
    },
  ]);
  for (const fact of facts) {
    await system.tell([fact]);
    await system.settle();
  }
  const { writeUnits, readUnits } = system.counts();
  await system.close();
  return { facts: facts.length, writes: writeUnits / facts.length, reads: readUnits / facts.length };
};
