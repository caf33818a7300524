import * as accounts from './accounts/capability.ts';
import * as audit from './audit/capability.ts';
import type { Api, ChangeReader, Handler } from './capability.ts';
import * as customers from './customers/capability.ts';
import * as duplicates from './duplicates/capability.ts';
import * as explain from './explain/capability.ts';
import * as facts from './facts/capability.ts';
import * as follow from './follow/capability.ts';
import * as identity from './identity/capability.ts';
import * as imports from './imports/capability.ts';
import * as insight from './insight/capability.ts';
import * as meters from './meters/capability.ts';
import * as operations from './operations/capability.ts';
import * as outages from './outages/capability.ts';
import * as platform from './platform/capability.ts';
import * as premises from './premises/capability.ts';
import * as privacy from './privacy/capability.ts';
import * as readings from './readings/capability.ts';
import * as reference from './reference/capability.ts';
import * as relay from './relay/capability.ts';
import * as search from './search/capability.ts';
import * as signIn from './sign-in/capability.ts';
import * as usage from './usage/capability.ts';
import * as validation from './validation/capability.ts';

/** Every capability, by its folder: what one machine runs, and what the manifest may name. */
export const capabilities = {
  accounts,
  audit,
  customers,
  duplicates,
  explain,
  facts,
  follow,
  identity,
  imports,
  insight,
  meters,
  operations,
  outages,
  platform,
  premises,
  privacy,
  readings,
  reference,
  relay,
  search,
  'sign-in': signIn,
  usage,
  validation,
};

/** Something that runs, by the name that the manifest has for it: `<capability>.<constant>`. */
export interface Running {
  readonly name: string;
  readonly one: Api | ChangeReader | Handler;
}

const isRunning = (one: unknown): one is Running['one'] => typeof one === 'object' && one !== null && 'needs' in one;

/** Everything that runs. */
export const everythingRunning: readonly Running[] = Object.entries(capabilities).flatMap(([capability, all]) =>
  Object.entries(all).flatMap(([constant, one]) =>
    isRunning(one) ? [{ name: `${capability}.${constant}`, one }] : [],
  ),
);

export const everyApi: readonly Api[] = everythingRunning.flatMap(({ one }) => ('operations' in one ? [one] : []));
export const everyReader: readonly ChangeReader[] = everythingRunning.flatMap(({ one }) =>
  'take' in one ? [one] : [],
);
