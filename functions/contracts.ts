import * as z from 'zod';
import { Masked } from '#shared/contracts/api/common.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';
import { accountFacts } from './accounts/contract/account-facts.ts';
import { accountsInView } from './accounts/contract/account-view.ts';
import { billingFacts } from './accounts/contract/billing-facts.ts';
import { contactFacts } from './customers/contract/contact-facts.ts';
import { contactPointFacts } from './customers/contract/contact-point-facts.ts';
import { contactInView, interactionsInView } from './customers/contract/contact-view.ts';
import { customerFacts } from './customers/contract/customer-facts.ts';
import {
  alertsInView,
  customerInView,
  freshnessInView,
  nextStepsInView,
  omittedInView,
  relationsInView,
} from './customers/contract/customer-view.ts';
import { mergeFacts } from './identity/contract/merge-facts.ts';
import { insightFacts } from './insight/contract/insight-facts.ts';
import { meterFacts } from './meters/contract/meter-facts.ts';
import { outageFacts } from './outages/contract/outage-facts.ts';
import { serviceInView } from './outages/contract/outage-view.ts';
import { premiseFacts } from './premises/contract/premise-facts.ts';
import { premisesInView } from './premises/contract/premise-view.ts';
import { erasureFacts } from './privacy/contract/erasure-facts.ts';
import { usageInView } from './usage/contract/usage-view.ts';
import { exceptionFacts } from './validation/contract/exception-facts.ts';
import { measuredFacts } from './validation/contract/measured-facts.ts';
import { taskFacts } from './validation/contract/task-facts.ts';

/** Every fact type that a capability defines; what takes facts back is made of these (`shared/contracts/facts/catalogue.ts`). */
export const factDefinitions = [
  ...customerFacts,
  ...contactPointFacts,
  ...mergeFacts,
  ...accountFacts,
  ...premiseFacts,
  ...meterFacts,
  ...exceptionFacts,
  ...measuredFacts,
  ...insightFacts,
  ...taskFacts,
  ...billingFacts,
  ...outageFacts,
  ...contactFacts,
  ...erasureFacts,
] as const;

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
