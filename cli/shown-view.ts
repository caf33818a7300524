import * as z from 'zod';
import { AccountView } from '#functions/accounts/contract/account-view.ts';
import { View360 } from '#functions/view.ts';

const { customer, contact, interactions, freshness } = View360.shape;

/** The 360 view as somebody sees it from whom the field matrix hides whole sections. */
export const ShownView = View360.extend({
  customer: customer.extend({ version: customer.shape.version.optional() }),
  contact: contact.extend({ preferences: contact.shape.preferences.default({}) }),
  accounts: z.array(AccountView.extend({ lastPayments: AccountView.shape.lastPayments.default([]) })),
  usage: View360.shape.usage.default([]),
  interactions: interactions
    .extend({ counts: interactions.shape.counts.default({}) })
    .default({ recent: [], counts: {} }),
  relations: View360.shape.relations.default([]),
  nextSteps: View360.shape.nextSteps.default([]),
  freshness: freshness.extend({ sources: freshness.shape.sources.default([]) }),
});
export type ShownView = z.infer<typeof ShownView>;
