import assert from 'node:assert/strict';
import { accountFacts, byBilling, named, personFact, roleFact, sendFacts } from '#tests/support/small-world.ts';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';

/** The facts of a made-up household with one account, one bill and one payment, at the home of the meter. */
const factsOf = (household: string) => {
  const { account } = named(household);
  return [
    personFact(household, 'Ada', 'Example'),
    ...accountFacts(household),
    roleFact(household, household, 'holder'),
    byBilling(`pay-${household}`, 'billing.payment.received.v1', '2025-11-10T09:00:00.000Z', {
      account,
      amount: { amountMinor: 8000, currency: 'GBP' },
      method: 'bank-transfer',
      receivedOn: '2025-11-10',
    }),
  ];
};

export const factStep = (rehearsal: Rehearsal): Step => ({
  name: 'fact-in',
  title: 'facts come in by the programs of their sources',
  run: async () => {
    const { api } = rehearsal.stand;
    const facts = factsOf(rehearsal.household);
    const started = performance.now();
    const ids = await sendFacts(api, facts);
    assert.equal(ids.size, facts.length);
    const sources = new Set(facts.map(({ source }) => source.system));
    return [`${ids.size} facts of ${[...sources].join(', ')} accepted in ${secondsSince(started)}`];
  },
});
