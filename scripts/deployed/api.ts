import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { type Answer, ApiClient, type Asker, type Request } from '#tests/support/api-client.ts';
import type { SignIn } from './sign-in.ts';

const Claims = z.object({ client_id: z.string(), exp: z.number() });
const claimsOf = (token: string): z.infer<typeof Claims> =>
  Claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));

/** The client that a token is of. */
export const clientOf = (token: string): string => claimsOf(token).client_id;

/** Whether a token is good for a minute still: staff have one for a quarter of an hour, and a deployment takes longer. */
const isGood = (token: string): boolean => claimsOf(token).exp * 1000 > Date.now() + 60_000;

/** Whether a program has to say whom a call is counted as. */
const isCounted = ({ method = 'GET', path }: Request): boolean =>
  routes.some((route) => route.metered === true && route.method === method && route.path === path);

/** Speaks to the deployed API, with tokens of the deployed user pools. */
export class DeployedApi extends ApiClient {
  readonly #signIn: SignIn;
  readonly #wire: (path: string) => string;
  readonly #given = new Map<string, string>();

  /**
   * @param url what paths follow: `https://<api>.execute-api.<region>.amazonaws.com`
   * @param wire the path as it is asked for there, of one as the API has it: `/v1/customers`
   */
  constructor(url: string, signIn: SignIn, wire: (path: string) => string = (path) => path) {
    super(url);
    this.#signIn = signIn;
    this.#wire = wire;
  }

  override async tokenOf(asker: Asker): Promise<string> {
    const name = JSON.stringify(asker);
    const held = this.#given.get(name);
    if (held !== undefined && isGood(held)) return held;
    const token = await this.#signIn.tokenOf(asker);
    this.#given.set(name, token);
    return token;
  }

  /** A program says whom it is counted as where it has to. */
  override async ask(request: Request): Promise<Answer> {
    const { as } = request;
    const isProgram = as !== undefined && 'client' in as;
    const counted = isProgram && isCounted(request) ? { 'x-api-key': clientOf(await this.tokenOf(as)) } : {};
    return super.ask({ ...request, path: this.#wire(request.path), headers: { ...counted, ...request.headers } });
  }

  /** A deployed system never comes to rest as a whole: whoever waits for something asks for it. */
  override async settle(): Promise<void> {}
}
