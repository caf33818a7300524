import type { Clients } from './aws.ts';
import type { DeployedGround } from './deployed-ground.ts';
import type { Deployed } from './stacks.ts';

/** What the steps of the deployed system need beside the story's ground. */
export interface DeployedParts {
  readonly clients: Clients;
  readonly deployed: Deployed;
  readonly ground: DeployedGround;
}
