import type { Said } from '#infra/config.ts';
import type { Deployed } from '#scripts/deploy/deploy.ts';
import type { Destroyed } from '#scripts/deploy/destroy.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { Deployed as Stacks } from '#scripts/deployed/deployed.ts';
import type { SignIn } from '#scripts/deployed/sign-in.ts';
import type { ApiClient } from '#tests/support/api-client.ts';

/** A stage that stands: what was made, and its API with the sign-in of its people and programs. */
export interface Stand {
  readonly stacks: Stacks;
  readonly api: ApiClient;
  readonly signIn: SignIn;
}

/** Which stage, and what is said of it beside its configuration. */
export interface Asked extends Said {
  readonly stage: string;
}

/** Where a rehearsal is held: an AWS account and region, or what emulates them. */
export interface Ground {
  /** The stage that is rehearsed, and the one that is made beside it. */
  readonly stage: string;
  readonly second: string;
  /** Who is invited as the first user. */
  readonly mailbox: string;
  readonly clients: Clients;
  /** Longest wait for what comes by a stream or queue, in milliseconds. */
  readonly patienceMs: number;
  /** Deploys as `npm run deploy` does, without a question. */
  deploy(asked: Asked): Promise<Deployed>;
  /** Takes down as `npm run destroy` does, without a question. */
  destroy(asked: Asked & { readonly withData: boolean }): Promise<Destroyed>;
  /** @param signIn whoever has signed in before to the same stage */
  open(stage: string, signIn?: SignIn): Promise<Stand>;
}
