import { accountFacts } from './accounts/contract/account-facts.ts';
import { billingFacts } from './accounts/contract/billing-facts.ts';
import { contactFacts } from './customers/contract/contact-facts.ts';
import { contactPointFacts } from './customers/contract/contact-point-facts.ts';
import { customerFacts } from './customers/contract/customer-facts.ts';
import { mergeFacts } from './identity/contract/merge-facts.ts';
import { insightFacts } from './insight/contract/insight-facts.ts';
import { meterFacts } from './meters/contract/meter-facts.ts';
import { outageFacts } from './outages/contract/outage-facts.ts';
import { premiseFacts } from './premises/contract/premise-facts.ts';
import { erasureFacts } from './privacy/contract/erasure-facts.ts';
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
