import * as z from 'zod';
import { machine } from './profile-system.ts';
import type { RunningSystem } from './running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  byCrm,
  freshKey,
  idNamed,
  named,
  placeFacts,
  type SentFact,
  sendFacts,
} from './small-world.ts';

/** A home of which two systems say that different accounts have it, and a meter of which they say different homes. */
export interface Disputed {
  /** Names of its two households. */
  readonly names: readonly [string, string];
  readonly account: string;
  readonly otherAccount: string;
  readonly servicePoint: string;
  readonly premise: string;
  readonly meter: string;
  readonly otherPoint: string;
}

const Told = z.object({ status: z.literal('accepted') });

/** From when the second system says so. */
export const disputedFrom = '2025-12-01';

/** Tells what a system says that is declared for none of it yet, as one that is to be will. */
export const tellAs = async (system: RunningSystem, facts: readonly SentFact[]): Promise<void> => {
  for (const one of await system.served.system.submit(facts, machine)) Told.parse(one);
};

/** Has two systems say different things of one home and of one meter; ids of what they speak of. */
export const disputedHome = async (system: RunningSystem): Promise<Disputed> => {
  const [own, other] = [`home-${freshKey()}`, `home-${freshKey()}`];
  await sendFacts(system, [
    ...placeFacts(own, '3 Mill Lane'),
    ...placeFacts(other, '5 Mill Lane'),
    ...accountFacts(own),
    ...accountFacts(other).filter(({ type }) => type === 'account.account.opened.v1'),
  ]);
  const meter = await addMeter(system, own, `RT-${own}`);
  const from = '2025-11-02T08:00:00.000Z';
  await tellAs(system, [
    byCrm(`agr-${own}`, 'account.agreement.started.v1', from, {
      account: named(other).account,
      servicePoint: named(own).servicePoint,
      tariff: 'OTHER',
      from: disputedFrom,
    }),
    byBilling(`ins-${own}`, 'metering.meter.installed.v1', from, {
      servicePoint: named(other).servicePoint,
      meter,
      from: `${disputedFrom}T00:00:00Z`,
    }),
  ]);
  const accountOf = (name: string) => idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${name} 1/2`)}`);
  return {
    names: [own, other],
    account: await accountOf(own),
    otherAccount: await accountOf(other),
    servicePoint: await idNamed(system, `/v1/service-points/mpan:${own}`),
    premise: await idNamed(system, `/v1/premises/uprn:${own}`),
    meter,
    otherPoint: await idNamed(system, `/v1/service-points/mpan:${other}`),
  };
};
