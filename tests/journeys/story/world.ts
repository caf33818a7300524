import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { UsageSummary } from '#functions/usage/contract/usage-view.ts';
import type { DeviceLink } from '#iot/connection.ts';
import { accountFacts, idNamed, personFact, placeFacts, roleFact, sendFacts } from '#tests/support/small-world.ts';
import type { Enrolment, StoryGround } from './ground.ts';

/** One step of the story; steps build on those before. */
export interface StoryStep {
  /** Short name, for lists of what was driven. */
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** What the story looks at of a 360 view. */
const View = z.object({
  customer: z.object({ name: z.string() }),
  accounts: z.array(
    z.object({ id: z.string(), lastPayments: z.array(z.object({ amount: z.object({ amountMinor: z.number() }) })) }),
  ),
  usage: z.array(UsageSummary),
});
export type View = z.infer<typeof View>;

const Told = z.object({ metadata: z.object({ eventId: z.string(), subjectId: z.string() }) });

export interface Home {
  readonly customer: string;
  readonly account: string;
  readonly servicePoint: string;
}

/** What the steps share: the homes that were built, and the meter with its line. */
export class StoryWorld {
  readonly ground: StoryGround;
  /** Tells this telling apart from others on the same system. */
  readonly run = randomUUID().slice(0, 8);
  readonly #homes = new Map<string, Home>();
  enrolled: Enrolment | undefined;
  line: DeviceLink | undefined;
  /** Id of the merge that was made. */
  merge: string | undefined;
  /** Id of the import of a file. */
  import: string | undefined;

  constructor(ground: StoryGround) {
    this.ground = ground;
  }

  /** Tells the facts of a household and keeps the ids they came to. */
  async build(person: string, family: string, address: string): Promise<void> {
    const { api } = this.ground;
    await sendFacts(api, [
      ...placeFacts(person, address),
      personFact(person, person, family),
      ...accountFacts(person),
      roleFact(person, person, 'holder'),
    ]);
    const customer = await idNamed(api, `/v1/customers/crm:${person}`);
    const servicePoint = await idNamed(api, `/v1/service-points/mpan:${person}`);
    const [account] = (await this.see(customer)).accounts;
    assert.ok(account, `${person} has no account`);
    this.#homes.set(person, { customer, account: account.id, servicePoint });
  }

  homeOf(person: string): Home {
    const home = this.#homes.get(person);
    assert.ok(home, `no home of ${person}`);
    return home;
  }

  meter(): Enrolment {
    assert.ok(this.enrolled, 'no meter is registered');
    return this.enrolled;
  }

  /** Ids of the facts of a type that subscribers heard of for the premise of a home, each once. */
  async heardAt(person: string, type: string): Promise<readonly string[]> {
    const path = `/v1/service-points/${this.homeOf(person).servicePoint}`;
    const { premiseId } = (await this.ground.api.must({ path, as: { role: 'agent' } })).json;
    const ids = (await this.ground.published())
      .filter((event) => event['detail-type'] === type)
      .map(({ detail }) => Told.parse(detail).metadata)
      .filter(({ subjectId }) => subjectId === premiseId)
      .map(({ eventId }) => eventId);
    return [...new Set(ids)];
  }

  async see(customer: string): Promise<View> {
    const { json } = await this.ground.api.must({ path: `/v1/customers/${customer}/360`, as: { role: 'agent' } });
    return View.parse(json);
  }
}
