import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import type { SentFact } from '#tests/support/small-world.ts';
import * as homes from './fire-homes.ts';
import type { Answered, Asked, UtilityOnDynamo } from './utility-on-dynamo.ts';

/** What the callers were told, and what they asked: all that the tables are held against afterwards. */
export class Told {
  /** Facts that were acknowledged, by id: the home, and what each adds to its balance. */
  readonly facts = new Map<string, { readonly home: number; readonly weight: number }>();
  /** Corrections nobody acknowledged: each may stand once or not at all. Texts that only they hold. */
  readonly perhaps = new Set<string>();
  /** Corrections that were acknowledged, likewise. */
  readonly corrected = new Set<string>();
  /** Requests by their id: the status of the answer. */
  readonly requests = new Map<string, { readonly status: number; readonly operation: string }>();
  /** Answers nobody should get. */
  readonly wrong: string[] = [];
  readonly statuses = new Map<number, number>();
  /** Versions that writes of one record were told; no two writes have one. */
  readonly versions = new Map<string, Set<string>>();
  /** Given up after a refusal, to be sent again once all is calm. */
  readonly givenUp: (() => Promise<void>)[] = [];
  /** Days of readings that were acknowledged, by home. */
  readonly days = new Map<number, Set<number>>();
  operations = 0;
  again = 0;
  lost412 = 0;
}

const Results = z.object({ results: z.array(z.object({ status: z.string(), factId: z.string().optional() })) });
const Kept = z.object({ factId: z.string() });
const passing = new Set([409, 412, 429, 503]);

export class Work {
  readonly told = new Told();
  readonly #system: UtilityOnDynamo;
  readonly #random: () => number;
  readonly meters = new Map<number, string>();
  #requests = 0;

  constructor(system: UtilityOnDynamo, random: () => number) {
    this.#system = system;
    this.#random = random;
  }

  async ask(operation: string, asked: Omit<Asked, 'requestId'>): Promise<Answered> {
    this.#requests += 1;
    const requestId = `req-${this.#requests}`;
    const answer = await this.#system.ask({ ...asked, requestId });
    const { status, headers, text } = answer;
    const { told } = this;
    told.requests.set(requestId, { status, operation });
    told.statuses.set(status, (told.statuses.get(status) ?? 0) + 1);
    const refused = status >= 400;
    if (refused && !passing.has(status)) told.wrong.push(`${operation} ${status} ${text}`);
    if (refused && !String(headers['content-type']).startsWith('application/problem+json'))
      told.wrong.push(`${operation} ${status} is no problem document`);
    if ((status === 503 || status === 429) && !/^[1-9][0-9]*$/.test(headers['retry-after'] ?? ''))
      told.wrong.push(`${operation} ${status} without Retry-After`);
    if (refused && /\.ts\b|node_modules|Exception|\n\s+at /.test(text)) told.wrong.push(`${operation} leaks ${text}`);
    return answer;
  }

  /** Sends a request until it is answered, as it was: same key, same facts. */
  async persist(operation: string, asked: Omit<Asked, 'requestId'>): Promise<Answered> {
    let last = '';
    for (let tried = 0; tried < 60; tried += 1) {
      const answer = await this.ask(operation, asked);
      if (answer.status < 300) return answer;
      last = answer.text;
      if (!passing.has(answer.status)) break;
      this.told.again += 1;
      await sleep(this.#random() * 20);
    }
    throw new Error(`${operation} was never answered: ${last}`);
  }

  /** Sends once; where it is refused it stays undone until all is calm, and is then sent again as it was. */
  async #once(operation: string, asked: Omit<Asked, 'requestId'>, note: (answer: Answered) => void): Promise<void> {
    const answer = await this.ask(operation, asked);
    if (answer.status < 300) return note(answer);
    this.told.givenUp.push(async () => note(await this.persist(operation, asked)));
  }

  #version(record: string, answer: Answered): void {
    const tag = answer.headers.etag ?? '';
    const seen = this.told.versions.get(record) ?? new Set<string>();
    this.told.versions.set(record, seen);
    if (tag === '' || seen.has(tag)) this.told.wrong.push(`${record} was told version ${tag} twice`);
    seen.add(tag);
  }

  /** A source system sends facts of its own in one request; `patient`: until each is kept. */
  async facts(facts: readonly (readonly [SentFact, number])[], patient: boolean): Promise<void> {
    const system = facts[0]?.[0].source.system;
    const as = system === 'crm' ? 'crm-machine' : system === 'field' ? 'field-machine' : 'billing-machine';
    let left = facts;
    for (let tried = 0; left.length > 0; tried += 1) {
      const sent = left;
      const answer = await this.ask('sendFacts', {
        method: 'POST',
        path: '/v1/facts',
        as,
        json: { facts: sent.map(([fact]) => fact) },
      });
      if (answer.status < 300) left = this.#noteFacts(sent, Results.parse(answer.json).results);
      if (left.length === 0) return;
      if (tried > 60) throw new Error('facts were never kept');
      if (!patient) {
        const rest = left;
        this.told.givenUp.push(() => this.facts(rest, true));
        return;
      }
      this.told.again += 1;
      await sleep(this.#random() * 20);
    }
  }

  #noteFacts(sent: readonly (readonly [SentFact, number])[], results: z.infer<typeof Results>['results']) {
    return sent.filter(([fact, home], index) => {
      const status = results[index]?.status;
      if (status === 'retry') return true;
      const id = factIdOf(fact.source.system, fact.sourceEventId);
      if (status !== 'accepted' && status !== 'duplicate') this.told.wrong.push(`${fact.sourceEventId} ${status}`);
      if (results[index]?.factId !== id) this.told.wrong.push(`${fact.sourceEventId} was told another id`);
      this.told.facts.set(id, { home, weight: homes.weightOf(fact) });
      return false;
    });
  }

  async payment(n: number, home: number, patient: boolean): Promise<void> {
    const amountMinor = 100 + (n % 499);
    const asked = {
      method: 'POST',
      path: `/v1/accounts/${homes.pathOf(homes.accountOf(home))}/payments`,
      as: 'agent',
      key: `pay-${n}`,
      json: { amount: homes.gbp(amountMinor), method: 'card' },
    } as const;
    const note = (answer: Answered): void => {
      this.told.facts.set(Kept.parse(answer.json).factId, { home, weight: -amountMinor });
      this.#version(`account ${home}`, answer);
    };
    if (patient) note(await this.persist('takePayment', asked));
    else await this.#once('takePayment', asked, note);
  }

  async interaction(n: number, home: number, patient: boolean): Promise<void> {
    const asked = {
      method: 'POST',
      path: `/v1/customers/${homes.pathOf(homes.customerOf(home))}/interactions`,
      as: 'agent',
      key: `int-${n}`,
      json: { channel: 'phone', reason: 'billing.high-bill', summary: `Asked about bill ${n}.` },
    } as const;
    const note = (answer: Answered): void => {
      this.told.facts.set(Kept.parse(answer.json).factId, { home, weight: 0 });
    };
    if (patient) note(await this.persist('logInteraction', asked));
    else await this.#once('logInteraction', asked, note);
  }

  /** Corrects a name by If-Match; who loses reads again. A correction that nobody acknowledged may stand, or not. */
  async correction(n: number, home: number): Promise<void> {
    const path = `/v1/customers/${homes.pathOf(homes.customerOf(home))}`;
    for (let tried = 0; tried < 60; tried += 1) {
      const seen = await this.persist('readCustomer', { path, as: 'agent' });
      const given = `Amara-${n}-${tried}`;
      const ifMatch = seen.headers.etag ?? '';
      const json = { name: { given, family: homes.familyOf(home) } };
      const answer = await this.ask('changeCustomer', { method: 'PATCH', path, as: 'agent', ifMatch, json });
      if (answer.status < 300) {
        this.told.corrected.add(given);
        this.#version(`customer ${home}`, answer);
        if (Number(answer.headers.etag?.slice(2, -1)) !== Number(ifMatch.slice(2, -1)) + 1)
          this.told.wrong.push(`a correction of ${ifMatch} was told ${answer.headers.etag}`);
        return;
      }
      if (answer.status === 412) this.told.lost412 += 1;
      else this.told.perhaps.add(given);
      await sleep(this.#random() * 20);
    }
    throw new Error('a correction never won');
  }

  /** Readings of some days of one home, as one batch of the stream; what failed comes again. */
  async days(home: number, days: readonly number[]): Promise<void> {
    const meter = this.meters.get(home) ?? '';
    let left = days;
    for (let tried = 0; left.length > 0; tried += 1) {
      const sent = left;
      const outcomes = await this.#system.ingest.take(
        sent.map((day, index) => ({
          sequenceNumber: `${index}`,
          thing: meter,
          data: writeUsageBlock(homes.dayOf(meter, home, day)),
          arrivedAt: Date.now() / 1000,
        })),
      );
      left = sent.filter((_, index) => outcomes[index]?.kind === 'failed');
      const kept = this.told.days.get(home) ?? new Set<number>();
      this.told.days.set(home, kept);
      for (const [index, day] of sent.entries()) {
        const kind = outcomes[index]?.kind;
        if (kind === 'stored') kept.add(day);
        else if (kind !== 'failed') this.told.wrong.push(`day ${day} of home ${home} was ${kind}`);
      }
      if (tried > 60) throw new Error('readings were never kept');
      if (left.length > 0) this.told.again += 1;
    }
  }

  /** One look at what the API shows of a home. */
  async look(n: number, home: number): Promise<void> {
    const customer = `/v1/customers/${homes.pathOf(homes.customerOf(home))}`;
    const account = `/v1/accounts/${homes.pathOf(homes.accountOf(home))}`;
    const looks = [
      ['read360', `${customer}/360`],
      ['readTimeline', `${customer}/timeline?limit=10`],
      ['searchCustomers', `/v1/customers?q=${homes.familyOf(home)}`],
      ['readAccount', account],
      ['readLedger', `${account}/ledger?limit=10`],
      ['listPayments', `${account}/payments?limit=10`],
      [
        'readUsage',
        `/v1/service-points/${homes.pathOf(homes.pointOf(home))}/usage?from=2024-01-01&to=2024-03-01&resolution=month`,
      ],
      ['readAccessLog', `${customer}/access-log?limit=10`],
    ] as const;
    const [operation, path] = looks[n % looks.length] ?? looks[0];
    const as = operation === 'readAccessLog' ? 'privacy' : 'supervisor';
    const answer = await this.persist(operation, { path, as });
    if (operation === 'searchCustomers' && !answer.text.includes(homes.familyOf(home)))
      this.told.wrong.push(`a search did not find home ${home}: ${answer.text.slice(0, 200)}`);
  }
}
