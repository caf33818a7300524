import * as z from 'zod';
import { mintedId } from '#shared/runtime/identify.ts';
import type { ApiClient } from '#tests/support/api-client.ts';
import {
  buildSmallWorld,
  byField,
  freshKey,
  pointFact,
  type SmallWorld,
  sendFacts,
} from '#tests/support/small-world.ts';

/** What of a 360 answer the golden paths look at. */
const Seen = z.object({
  contact: z.object({ points: z.array(z.object({ kind: z.string(), value: z.string() })) }),
  accounts: z.array(
    z.object({
      lastPayments: z.array(z.object({ amount: z.object({ amountMinor: z.number() }) })),
      balance: z.object({ amountMinor: z.number() }),
    }),
  ),
  service: z.object({ openOutages: z.array(z.object({ id: z.string() })) }),
});
type Seen = z.infer<typeof Seen>;

/** How one golden path ran: for each time, reads of every holder until they saw it, at most. */
export interface Ran {
  readonly reads: readonly number[];
}

/** The small world on a running system, with what its people do. */
export class GoldenPaths {
  readonly #client: ApiClient;
  readonly #world: SmallWorld;

  private constructor(client: ApiClient, world: SmallWorld) {
    this.#client = client;
    this.#world = world;
  }

  static async open(client: ApiClient): Promise<GoldenPaths> {
    const world = await buildSmallWorld(client);
    await sendFacts(client, [pointFact('amara', 'email', 'amara@example.com')]);
    await client.settle();
    return new GoldenPaths(client, world);
  }

  async #see(customer: string): Promise<Seen> {
    const answer = await this.#client.must({ path: `/v1/customers/${customer}/360`, as: { role: 'agent' } });
    return Seen.parse(answer.json);
  }

  /** Reads the view of each customer until it holds; answers how many reads that took the slowest. */
  async #until(customers: readonly string[], holds: (seen: Seen) => boolean): Promise<number> {
    const reads = await Promise.all(
      customers.map(async (customer) => {
        for (let read = 1; ; read += 1) {
          if (holds(await this.#see(customer))) return read;
          if (read === 1000) throw new Error('never seen');
        }
      }),
    );
    return Math.max(...reads);
  }

  async #run(
    times: number,
    customers: readonly string[],
    act: (n: number) => Promise<(seen: Seen) => boolean>,
  ): Promise<Ran> {
    const reads: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const holds = await act(n);
      reads.push(await this.#until(customers, holds));
    }
    return { reads };
  }

  /** Payments that the billing system puts on the bus, each of another amount. */
  payments(times: number): Promise<Ran> {
    const { amara, ben } = this.#world;
    return this.#run(times, [amara.customer, ben], async (n) => {
      const amountMinor = 1000 + n;
      const type = 'billing.payment.received.v1';
      const detail = {
        type,
        source: { system: 'billing' },
        sourceEventId: `golden-${n}`,
        occurredAt: new Date().toISOString(),
        data: { account: amara.account, amount: { amountMinor, currency: 'GBP' }, method: 'direct-debit' },
      };
      await this.#client.must({
        method: 'POST',
        path: '/_local/bus',
        as: { role: 'operator' },
        json: { events: [{ source: 'billing', detailType: type, detail }] },
      });
      return ({ accounts }) =>
        accounts.some((account) => account.lastPayments.some((one) => one.amount.amountMinor === amountMinor));
    });
  }

  /** Outages, each restored before the next: the first an agent reports, the rest the field system, since one person is bounded. */
  outages(times: number): Promise<Ran> {
    const { amara, ben } = this.#world;
    let open: string | undefined;
    return this.#run(times, [amara.customer, ben], async (n) => {
      if (open !== undefined) await this.#restore(open);
      const id = n < 10 ? await this.#reportedByAgent() : await this.#reportedByField(n);
      open = id;
      return ({ service }) => service.openOutages.some((one) => one.id === id);
    });
  }

  async #reportedByAgent(): Promise<string> {
    const json = { premise: this.#world.amara.premise, description: 'Street is dark again.' };
    const answer = await this.#client.must({ method: 'POST', path: '/v1/outages', as: { role: 'agent' }, json });
    return String(answer.json.id);
  }

  async #reportedByField(n: number): Promise<string> {
    const data = { premise: this.#world.amara.premise, description: 'Street is dark again.' };
    const key = `golden-outage-${n}`;
    const told = await sendFacts(this.#client, [
      byField(key, 'service.outage.reported.v1', new Date().toISOString(), data),
    ]);
    return mintedId('outage', told.get(key) ?? '');
  }

  async #restore(outage: string): Promise<void> {
    await this.#client.must({
      method: 'POST',
      path: `/v1/outages/${outage}/restoration`,
      as: { role: 'field' },
      headers: { 'rotunda-purpose': 'service' },
      json: {},
    });
  }

  /** Amara's e-mail address, changed by an agent again and again. */
  async emails(times: number): Promise<Ran> {
    const { customer } = this.#world.amara;
    const as = { role: 'agent' };
    const before = await this.#client.must({ path: `/v1/customers/${customer}`, as });
    const points = z
      .array(z.object({ id: z.string(), kind: z.string() }))
      .parse(before.json.contactPoints)
      .filter((point) => point.kind === 'email');
    let etag = before.headers.get('etag') ?? '';
    return this.#run(times, [customer], async (n) => {
      const value = `amara.${n}@example.com`;
      const answer = await this.#client.must({
        method: 'PATCH',
        path: `/v1/customers/${customer}/contact-points/${points[0]?.id}`,
        as,
        headers: { 'if-match': etag, 'idempotency-key': freshKey() },
        json: { value },
      });
      etag = answer.headers.get('etag') ?? '';
      return ({ contact }) => contact.points.some((point) => point.value === value);
    });
  }
}
