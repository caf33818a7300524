import type { Talk } from '#scripts/deploy/talk.ts';
import { DeployedApi } from '#scripts/deployed/api.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { Deployed } from '#scripts/deployed/deployed.ts';
import { SignIn } from '#scripts/deployed/sign-in.ts';
import { deployments } from '#scripts/rehearse/aws-ground.ts';
import type { Ground } from '#scripts/rehearse/ground.ts';
import type { EmulatedCdk } from './emulated-cdk.ts';
import { account, region } from './emulator.ts';
import type { KinesisBridge } from './kinesis-bridge.ts';
import { bridgeRules, makeArchives, setWhatWasDropped } from './put-right.ts';

/** The emulator has the stage of a gateway in the address as `/v1/_user_request_`. */
const wirePath = (path: string): string => path.replace(/^\/v1\//, '/v1/_user_request_/');

/** The stage that is driven, and the one that is made beside it. */
export const stage = 'dev';
export const second = 'dev2';

/** Nobody looks on. */
export const talk: Talk = { out: () => {}, note: () => {}, isInteractive: false, ask: async () => '' };

/** The emulator as the ground of a rehearsal: after each deployment what it drops and skips is put right. */
export class EmulatedGround implements Ground {
  readonly stage = stage;
  readonly second = second;
  readonly mailbox = 'first-user@example.com';
  /** Deployed again, every reader begins at the start of what its stream keeps. */
  readonly patienceMs = 180_000;
  readonly clients: Clients;
  readonly #cdk: EmulatedCdk;
  readonly #endpoint: string;
  readonly #deployments: Pick<Ground, 'deploy' | 'destroy'>;
  #bridges: readonly KinesisBridge[] = [];

  /** @param endpoint address of the emulator */
  constructor(clients: Clients, cdk: EmulatedCdk, endpoint: string) {
    this.clients = clients;
    this.#cdk = cdk;
    this.#endpoint = endpoint;
    this.#deployments = deployments({ clients, cdk, talk, expected: { account, region } });
  }

  async deploy(asked: Parameters<Ground['deploy']>[0]): ReturnType<Ground['deploy']> {
    const { clients } = this;
    const deployed = await this.#deployments.deploy(asked);
    const stacks = await Deployed.read(clients, asked.stage);
    const synthesised = this.#cdk.synthesised(asked.stage);
    await setWhatWasDropped(clients, synthesised, stacks);
    await makeArchives(clients, synthesised, stacks);
    if (asked.stage === stage) {
      await this.#unbridge();
      this.#bridges = await bridgeRules(clients, stacks);
    }
    return deployed;
  }

  async destroy(asked: Parameters<Ground['destroy']>[0]): ReturnType<Ground['destroy']> {
    if (asked.stage === stage) await this.#unbridge();
    return this.#deployments.destroy(asked);
  }

  async open(name: string, known?: SignIn): ReturnType<Ground['open']> {
    const { clients } = this;
    const stacks = await Deployed.read(clients, name);
    const signIn = known ?? this.#signIn(stacks);
    signIn.forgetClients();
    const url = `${this.#endpoint}/restapis/${stacks.output('ApiId')}`;
    return { stacks, signIn, api: new DeployedApi(url, signIn, wirePath) };
  }

  #signIn(stacks: Deployed): SignIn {
    const poolIn = (output: string): string => stacks.output(output).split('/').at(-1) ?? '';
    return new SignIn(this.clients, {
      pools: { customers: poolIn('Issuer'), staff: poolIn('StaffIssuer') },
      tokenUrl: `${this.#endpoint}/oauth2/token`,
      factor: 'any code',
    });
  }

  async #unbridge(): Promise<void> {
    for (const bridge of this.#bridges) await bridge.close();
    this.#bridges = [];
  }

  close(): Promise<void> {
    return this.#unbridge();
  }
}
