import type { Clients } from '#scripts/deployed/aws.ts';
import type { Deployed } from '#scripts/deployed/deployed.ts';
import type { DeployedGround } from './deployed-ground.ts';

/** What the steps of the deployed system need beside the story's ground. */
export interface DeployedParts {
  readonly clients: Clients;
  readonly deployed: Deployed;
  readonly ground: DeployedGround;
}
