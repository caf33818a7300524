import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { main } from '#cli/main.ts';

/** A request as the far end saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly purpose: string | undefined;
  readonly apiKey: string;
  readonly body: string;
}

export type Answer = { readonly status?: number; readonly body?: unknown } | ((response: ServerResponse) => void);

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

/** An HTTP server on this machine that answers what a test says and keeps what it was asked. The sign-in gives `token-for-<who>`. */
export class FarEnd {
  readonly seen: Seen[] = [];
  readonly #answers = new Map<string, Answer[]>();
  readonly #server: Server;
  url = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  /** The next answer to `METHOD /path` (the query is left out); the last one stands for further requests. */
  answer(request: string, ...answers: readonly Answer[]): this {
    this.#answers.set(request, [...(this.#answers.get(request) ?? []), ...answers]);
    return this;
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const { port } = this.#server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const { method = '', url: path = '', headers } = request;
    const purpose = headers['rotunda-purpose'];
    const apiKey = String(headers['x-api-key'] ?? '');
    this.seen.push({
      method,
      path,
      authorization: headers.authorization,
      purpose: String(purpose ?? ''),
      apiKey,
      body,
    });
    const [bare = ''] = path.split('?');
    const answer =
      this.#next(`${method} ${bare}`) ?? (bare === '/oidc/token' ? grant(body) : { status: 404, body: {} });
    if (typeof answer === 'function') return answer(response);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }

  #next(request: string): Answer | undefined {
    const answers = this.#answers.get(request);
    return answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
  }
}

const grant = (body: string): Answer => {
  const form = new URLSearchParams(body);
  const who = form.get('client') ?? form.get('customer') ?? form.get('role');
  return { body: { access_token: `token-for-${who}`, token_type: 'Bearer', expires_in: 3600 } };
};

/** What a command printed and how it ended. */
export interface Run {
  readonly code: number;
  readonly out: readonly string[];
  readonly notes: readonly string[];
}

/** Runs a command line in this process. */
export const run = async (args: readonly string[], input = ''): Promise<Run> => {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await main(args, {
    out: (line) => void out.push(line),
    note: (line) => void notes.push(line),
    input: async () => input,
    width: 100,
  });
  return { code, out, notes };
};
