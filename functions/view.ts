import * as z from 'zod';
import { Masked } from '#shared/contracts/api/common.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';
import { accountsInView } from './accounts/contract/account-view.ts';
import { contactInView, interactionsInView } from './customers/contract/contact-view.ts';
import {
  alertsInView,
  customerInView,
  freshnessInView,
  nextStepsInView,
  omittedInView,
  relationsInView,
} from './customers/contract/customer-view.ts';
import { serviceInView } from './outages/contract/outage-view.ts';
import { premisesInView } from './premises/contract/premise-view.ts';
import { usageInView } from './usage/contract/usage-view.ts';

/** The 360 view: one document, the same for every channel. Each member is a section that a capability has. */
export const View360 = z.object({
  customer: customerInView.schema,
  contact: contactInView.schema,
  alerts: alertsInView.schema,
  accounts: accountsInView.schema,
  premises: premisesInView.schema,
  usage: usageInView.schema,
  service: serviceInView.schema,
  interactions: interactionsInView.schema,
  relations: relationsInView.schema,
  nextSteps: nextStepsInView.schema,
  freshness: freshnessInView.schema,
  omitted: omittedInView.schema,
  masked: Masked,
});
export type View360 = z.input<typeof View360>;

export const view360Marks: ResponseMarks = {
  ...customerInView.marks,
  ...contactInView.marks,
  ...alertsInView.marks,
  ...accountsInView.marks,
  ...premisesInView.marks,
  ...usageInView.marks,
  ...serviceInView.marks,
  ...interactionsInView.marks,
  ...relationsInView.marks,
  ...nextStepsInView.marks,
  ...freshnessInView.marks,
  ...omittedInView.marks,
  masked: 'plain',
};
