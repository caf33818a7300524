import assert from 'node:assert/strict';
import { eventually } from '#tests/support/eventually.ts';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';
import { dayInView, meterDay } from './meter-day.ts';

/** What is left to pay of a bill of 84.23 after a payment of 80.00, in minor units. */
const owed = 423;

export const viewStep = (rehearsal: Rehearsal): Step => ({
  name: 'view-out',
  title: 'the first user sees the customer whole: account, what is owed, and the use of yesterday',
  run: async () => {
    const { ground, household, stand, meter } = rehearsal;
    assert.ok(meter, 'no meter is registered');
    const started = performance.now();
    const path = `/v1/customers/crm:${household}`;
    rehearsal.customer = String((await stand.api.must({ path, as: { role: 'agent' } })).json.id);
    const balance = async () => (await rehearsal.view()).accounts[0]?.balance?.amountMinor;
    const seen = await eventually('the balance in the view', ground.patienceMs, balance, (one) => one === owed);
    const usage = await dayInView(rehearsal, meterDay(meter.enrolment.id, 1));
    return [`${rehearsal.customer} owes ${seen} minor units; ${usage}; all seen after ${secondsSince(started)}`];
  },
});
