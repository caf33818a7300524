import { type Answer, ApiClient, type Asker, type Request } from '#tests/support/api-client.ts';
import type { SignIn } from './people.ts';

/** Speaks to the deployed API: by the emulator's address of it, with tokens of the deployed user pool. */
export class DeployedApi extends ApiClient {
  readonly #signIn: SignIn;
  readonly #given = new Map<string, string>();

  constructor(endpoint: string, apiId: string, signIn: SignIn) {
    super(`${endpoint}/restapis/${apiId}`);
    this.#signIn = signIn;
  }

  override async tokenOf(asker: Asker): Promise<string> {
    const name = JSON.stringify(asker);
    const held = this.#given.get(name) ?? (await this.#signIn.tokenOf(asker));
    this.#given.set(name, held);
    return held;
  }

  /** The stage of the gateway stands in the address as `/v1/_user_request_`. */
  override ask(request: Request): Promise<Answer> {
    return super.ask({ ...request, path: request.path.replace(/^\/v1\//, '/v1/_user_request_/') });
  }

  /** A deployed system never comes to rest as a whole: whoever waits for something asks for it. */
  override async settle(): Promise<void> {}
}
