import { createServer, type IncomingMessage, type Server } from 'node:http';
import * as z from 'zod';
import { meterIdOf } from '#functions/meters/register-meter.ts';
import { readUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { routes } from '#functions/routes.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import { type BrokerUnderTest, topicOf } from '#tests/support/meters/device-broker.ts';

interface Known {
  readonly id: string;
  readonly serial: string;
  readonly registers: readonly Register[];
  readonly references: readonly { readonly namespace: string; readonly value: string }[];
  readonly installations: { from: string; to: null }[];
}

const KeyExchange = z.object({ csr: z.string().optional(), reason: z.string().min(3) });

interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/**
 * The far end of a feed: an HTTP server that takes registrations and facts as the contracts define them, beside a real broker,
 * and answers usage from what the broker stored.
 */
export class FeedEnd {
  readonly meters = new Map<string, Known>();
  readonly servicePoints = new Set<string>();
  readonly factTypes: string[] = [];
  registrations = 0;
  exchanges = 0;
  /** Blocks whose number is here are lost on the way to the store. */
  readonly lost = new Set<number>();
  readonly #under: BrokerUnderTest;
  readonly #server: Server;
  url = '';

  constructor(under: BrokerUnderTest) {
    this.#under = under;
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const { status = 200, body } = await this.#answer(request, Buffer.concat(chunks).toString('utf8'));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, body: string): Promise<Reply> {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const path = decodeURIComponent(url.pathname);
    const missing: Reply = { status: 404, body: { title: 'Not found', code: 'not-found' } };
    if (path === '/oidc/token') return { body: { access_token: 't', token_type: 'Bearer', expires_in: 600 } };
    if (path === '/_local/ops/drain') return { body: { drained: true, seconds: 0, pending: {} } };
    if (path === '/v1/meters') return { status: 201, body: await this.#register(JSON.parse(body)) };
    const [, id] = /^\/v1\/meters\/([^/]+)\/key-exchange$/.exec(path) ?? [];
    if (id !== undefined) return { status: 201, body: await this.#exchange(id, JSON.parse(body)) };
    if (path === '/v1/facts') return { body: this.#take(JSON.parse(body)) };
    const reference = /^\/v1\/(meters|service-points)\/feed:(.+?)(\/usage)?$/.exec(path);
    const [, kind, value = '', usage] = reference ?? [];
    if (usage !== undefined) return { body: this.#usage(value, url.searchParams) };
    if (kind === 'meters') return this.meters.has(value) ? { body: this.meters.get(value) } : missing;
    return this.servicePoints.has(value) ? { body: { id: `svp_${value}` } } : missing;
  }

  async #register(sent: unknown) {
    const schema = routes.find(({ operationId }) => operationId === 'registerMeter')?.body;
    const body = schema?.parse(sent) as {
      serial: string;
      csr: string;
      registers: Register[];
      references: Known['references'];
    };
    this.registrations += 1;
    const id = meterIdOf(body.serial);
    const value = body.references[0]?.value ?? '';
    const { serial, registers, references } = body;
    this.meters.set(value, this.meters.get(value) ?? { id, serial, registers, references, installations: [] });
    const certificate = await this.#under.registry.issue(id, body.csr);
    return { id, thing: id, ...certificate, topics: { usage: topicOf(id) } };
  }

  async #exchange(id: string, sent: unknown) {
    const { csr = '' } = KeyExchange.parse(sent);
    this.exchanges += 1;
    const certificate = await this.#under.registry.issue(id, csr);
    return { id, thing: id, ...certificate, topics: { usage: topicOf(id) }, replaces: null };
  }

  #take({ facts }: { facts: unknown[] }) {
    const results = facts.map((sent, index) => {
      const fact = IncomingFact.parse(sent);
      const definition = factTypes.get(fact.type);
      if (definition === undefined) throw new Error(`no such fact type: ${fact.type}`);
      const data = definition.data.parse(fact.data) as {
        references?: { value: string }[];
        meter?: { value: string };
        from?: string;
      };
      this.factTypes.push(fact.type);
      if (fact.type.startsWith('premise.service-point.')) this.servicePoints.add(data.references?.[0]?.value ?? '');
      if (fact.type.startsWith('metering.meter.installed'))
        this.meters.get(data.meter?.value ?? '')?.installations.push({ from: data.from ?? '', to: null });
      return { index, status: 'accepted', factId: 'fct_0' };
    });
    return { results };
  }

  /** Instants and values of a meter as a reader would merge them: the same instant counts once. */
  valuesOf(meter: string): Map<number, number> {
    const id = this.meters.get(meter)?.id;
    const values = new Map<number, number>();
    for (const [index, record] of this.#under.stream.records.entries()) {
      const { block } = readUsageBlock(record.data);
      if (block === undefined || block.meter !== id || this.lost.has(index)) continue;
      for (const [place, value] of block.values.entries())
        if (value !== null) values.set(block.start + place * block.interval, value);
    }
    return values;
  }

  #usage(meter: string, query: URLSearchParams) {
    const [from, to] = ['from', 'to'].map((name) => Date.parse(query.get(name) ?? '') / 1000);
    const register = this.meters.get(meter)?.registers[0];
    if (from === undefined || to === undefined || register === undefined)
      throw new Error('a usage query without a range');
    const values = [...this.valuesOf(meter)].filter(([start]) => start >= from && start < to);
    const expected = (to - from) / register.intervalSeconds;
    const value = values.reduce((sum, [, one]) => sum + one, 0);
    const total = { expected, byQuality: [{ quality: quality.raw, count: values.length, value }] };
    return { unit: register.unit, powerOfTen: register.powerOfTen, total };
  }
}
