import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { connectDevice, type DeviceLink } from '#iot/connection.ts';
import { sendToBus } from '#shared/contracts/local/bus.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { type Answer, ApiClient } from '#tests/support/api-client.ts';
import type { SentFact } from '#tests/support/small-world.ts';
import { type Enrolled, enrolMeter, type Home, homes, type Piece } from './busy-utility.ts';
import type { Doors, RealProcess } from './real-process.ts';

/** A read of a customer's view that was answered. */
export interface Look {
  readonly customer: string;
  readonly requestId: string;
}

/** What the other process has acknowledged. */
export interface Acknowledged {
  readonly facts: Set<string>;
  readonly meters: Map<string, Enrolled>;
  readonly looks: Look[];
  intervals: number;
}

/** How often a request is sent again that met others at the same records. */
const mostAgain = 100;

const Results = z.object({ results: z.array(z.object({ status: z.string() })) });

/** Whether the process ends within a moment: then a failed request is its death, else a fault. */
const dies = async (process: RealProcess): Promise<boolean> => {
  await Promise.race([process.ended, sleep(5000)]);
  return process.gone;
};

/**
 * The systems and meters of the utility: what is not acknowledged they send again, as it was, for as long as it takes; what is
 * acknowledged they write down and never send again.
 */
export class SteadyClients {
  readonly acknowledged: Acknowledged = { facts: new Set(), meters: new Map(), looks: [], intervals: 0 };
  readonly #meters: ReadonlyMap<Home, Enrolled>;
  readonly #requests: (readonly SentFact[])[] = [];
  readonly #events: SentFact[] = [];
  readonly #days = new Map<Home, Omit<UsageBlock, 'meter'>[]>(homes.map((home) => [home, []]));
  readonly #serials: string[] = [];
  readonly #looks: Home[] = [];

  constructor(meters: ReadonlyMap<Home, Enrolled>) {
    this.#meters = meters;
  }

  /** Adds work. */
  take(piece: Piece): void {
    this.#requests.push(...piece.requests);
    this.#events.push(...piece.events);
    for (const [home, days] of piece.days) this.#days.get(home)?.push(...days);
    this.#serials.push(piece.serial);
    this.#looks.push(...homes, ...homes);
  }

  /** Things to send that are not acknowledged. */
  get left(): number {
    const days = [...this.#days.values()].reduce((sum, queue) => sum + queue.length, 0);
    return this.#requests.length + this.#events.length + days + this.#serials.length + this.#looks.length;
  }

  /** Sends until all is acknowledged or the process is gone. Throws where a living process refuses. */
  async work(process: RealProcess, doors: Doors): Promise<void> {
    const client = new ApiClient(doors.url);
    await Promise.all([
      workOff(process, this.#serials, 1, (serial) => this.#register(client, serial)),
      workOff(process, this.#requests, 2, (facts) => this.#request(client, facts)),
      workOff(process, this.#events, 2, (fact) => this.#event(client, fact)),
      workOff(process, this.#looks, 1, (home) => this.#look(client, home)),
      ...homes.map((home) => this.#measure(process, doors, home)),
    ]);
  }

  async #register(client: ApiClient, serial: string): Promise<() => void> {
    const meter = await enrolMeter(client, serial);
    return () => this.acknowledged.meters.set(serial, meter);
  }

  async #request(client: ApiClient, facts: readonly SentFact[]): Promise<() => void> {
    const system = facts[0]?.source.system ?? '';
    const send = () => client.must({ method: 'POST', path: '/v1/facts', as: { client: system }, json: { facts } });
    const statuses = ({ json }: Answer) => Results.parse(json).results.map(({ status }) => status);
    let answer = await send();
    // Others were writing to the same records; the answer says to send it again.
    for (let again = 0; again < mostAgain && statuses(answer).includes('retry'); again += 1) {
      await sleep(50);
      answer = await send();
    }
    const kept = statuses(answer);
    if (!kept.every((status) => ['accepted', 'duplicate', 'waiting'].includes(status)))
      throw new Error(`facts were not kept: ${answer.text}`);
    return () => {
      for (const [index, fact] of facts.entries()) if (kept[index] !== 'waiting') this.#keep(fact);
    };
  }

  async #event(client: ApiClient, fact: SentFact): Promise<() => void> {
    const { type, source } = fact;
    await client.must({
      method: 'POST',
      path: sendToBus.path,
      as: { role: 'operator' },
      json: { events: [{ source: source.system, detailType: type, detail: fact }] },
    });
    return () => this.#keep(fact);
  }

  #keep({ source, sourceEventId }: SentFact): void {
    this.acknowledged.facts.add(factIdOf(source.system, sourceEventId));
  }

  async #look(client: ApiClient, home: Home): Promise<() => void> {
    const { requestId } = await client.must({ path: `/v1/customers/crm:${home}/360`, as: { role: 'agent' } });
    return () => this.acknowledged.looks.push({ customer: `crm:${home}`, requestId });
  }

  async #measure(process: RealProcess, doors: Doors, home: Home): Promise<void> {
    const meter = this.#meters.get(home);
    const days = this.#days.get(home);
    if (meter === undefined || days === undefined || days.length === 0) return;
    const link = await connect(process, doors, meter);
    if (link === undefined) return;
    await workOff(process, days, 5, async (day) => {
      await link.publish(meter.topic, writeUsageBlock({ ...day, meter: meter.id }));
      return () => {
        this.acknowledged.intervals += day.values.length;
      };
    });
    // A link whose far end is gone never says goodbye; nobody waits for it.
    await Promise.race([link.close(), process.ended]);
  }
}

/** The meter's own link; undefined where the process died meanwhile. */
export const connect = async (
  process: RealProcess,
  doors: Doors,
  { thing, keyPem, certificatePem, caPem }: Enrolled,
): Promise<DeviceLink | undefined> => {
  const options = { endpoint: '127.0.0.1', port: doors.mqttPort, thing, keyPem, certificatePem, caPem };
  try {
    return await connectDevice({ ...options, connectAttempts: 1, reconnectSeconds: 1 });
  } catch (error) {
    if (await dies(process)) return undefined;
    throw error;
  }
};

/** Works off a queue with several hands. What is not acknowledged when the process dies stays in it. */
const workOff = async <Task>(
  process: RealProcess,
  queue: Task[],
  hands: number,
  act: (task: Task) => Promise<() => void>,
): Promise<void> => {
  const death = process.ended.then((): never => {
    throw new Error('the process is gone');
  });
  death.catch(() => {});
  const hand = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      try {
        const note = await Promise.race([act(task), death]);
        note();
      } catch (error) {
        queue.unshift(task);
        if (await dies(process)) return;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
};
