import { stageConfig } from '#infra/config.ts';
import type { Cdk } from '#scripts/deploy/cdk.ts';
import { deploy } from '#scripts/deploy/deploy.ts';
import { destroy } from '#scripts/deploy/destroy.ts';
import type { Expected } from '#scripts/deploy/preflight.ts';
import type { Talk } from '#scripts/deploy/talk.ts';
import { DeployedApi } from '#scripts/deployed/api.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { Deployed } from '#scripts/deployed/deployed.ts';
import { SignIn } from '#scripts/deployed/sign-in.ts';
import type { Asked, Ground } from './ground.ts';

/** Somebody who gives the word that is asked for: the rehearsal was allowed as a whole. */
const saying = (talk: Talk, word: string): Talk => ({ ...talk, isInteractive: true, ask: async () => word });

export interface AwsParts {
  readonly clients: Clients;
  readonly cdk: Cdk;
  readonly talk: Talk;
  /** Where the stages must be. */
  readonly expected: Expected;
}

/** Deploys and takes down by what `npm run deploy` and `npm run destroy` do, without a question and without their lines. */
export const deployments = ({ clients, cdk, talk, expected }: AwsParts): Pick<Ground, 'deploy' | 'destroy'> => ({
  deploy: (asked: Asked) =>
    deploy({ ...expected, ...asked, yes: true, json: true }, { talk, clients, cdk, configOf: stageConfig }),
  destroy: (asked) =>
    destroy({ ...expected, ...asked, yes: true, json: true }, { clients, talk: saying(talk, asked.stage) }),
});

/** An AWS account and region as the ground of a rehearsal. */
export const awsGround = (asked: Pick<Ground, 'stage' | 'second' | 'mailbox'>, parts: AwsParts): Ground => ({
  ...asked,
  ...deployments(parts),
  clients: parts.clients,
  patienceMs: 180_000,
  open: async (stage, known) => {
    const { clients } = parts;
    const stacks = await Deployed.read(clients, stage);
    const poolIn = (output: string): string => stacks.output(output).split('/').at(-1) ?? '';
    const signIn =
      known ??
      new SignIn(clients, {
        pools: { customers: poolIn('Issuer'), staff: poolIn('StaffIssuer') },
        tokenUrl: `${stacks.output('SignInUrl')}/oauth2/token`,
        factor: 'authenticator',
      });
    signIn.forgetClients();
    // Paths begin with the stage of the gateway, which is the version of the API.
    return { stacks, signIn, api: new DeployedApi(new URL(stacks.output('ApiUrl')).origin, signIn) };
  },
});
