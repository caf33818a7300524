import * as z from 'zod';

/** Who asks: staff by role, a customer by id, a machine client of this machine. */
export type Asker = { readonly role: string } | { readonly customer: string } | { readonly client: string };

export interface Request {
  readonly method?: string;
  readonly path: string;
  /** Absent: no token is sent. */
  readonly as?: Asker | undefined;
  /** Sent as it stands, in place of the token of `as`. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The answer where it is a JSON object, else empty. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What the server calls this request, as the audit entry has it. */
  readonly requestId: string;
}

const jsonObject = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.startsWith('{')) return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

const Grant = z.object({ access_token: z.string() });

const wireBody = (request: Request): string | Uint8Array<ArrayBuffer> | undefined =>
  request.json === undefined ? request.body : JSON.stringify(request.json);

/** Speaks to the API of a running system as anybody who may sign in on this machine. */
export class ApiClient {
  readonly url: string;
  readonly #tokens = new Map<string, string>();

  constructor(url: string) {
    this.url = url;
  }

  /** A token of the sign-in of this machine; asked for once. */
  async tokenOf(asker: Asker): Promise<string> {
    const name = JSON.stringify(asker);
    const held = this.#tokens.get(name);
    if (held !== undefined) return held;
    const person = 'customer' in asker ? { role: 'customer', customer: asker.customer } : { ...asker };
    const form = new URLSearchParams({ grant_type: 'urn:rotunda:local-sign-in', ...person });
    const response = await fetch(`${this.url}/oidc/token`, { method: 'POST', body: form });
    const { access_token } = Grant.parse(await response.json());
    this.#tokens.set(name, access_token);
    return access_token;
  }

  async ask(request: Request): Promise<Answer> {
    const token = request.token ?? (request.as === undefined ? undefined : await this.tokenOf(request.as));
    const body = wireBody(request);
    const response = await fetch(`${this.url}${request.path}`, {
      method: request.method ?? 'GET',
      redirect: 'manual',
      headers: {
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, json: jsonObject(text), requestId: headers.get('x-request-id') ?? '' };
  }

  /** Asks, and throws where the answer is no success. */
  async must(request: Request): Promise<Answer> {
    const answer = await this.ask(request);
    if (answer.status < 300) return answer;
    throw new Error(
      `${request.method ?? 'GET'} ${request.path} answered ${answer.status} ${answer.text.slice(0, 400)}`,
    );
  }

  /** Lets every stream, queue and feed come to rest. */
  async settle(): Promise<void> {
    const answer = await this.must({
      method: 'POST',
      path: '/_local/ops/drain',
      as: { role: 'operator' },
      json: { timeoutSeconds: 30 },
    });
    if (answer.json.drained !== true) throw new Error('the system did not come to rest');
  }
}
