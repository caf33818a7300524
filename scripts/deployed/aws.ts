import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openClients as openDeployClients } from '#scripts/deploy/aws.ts';

/** Clients of an account in which a stage stands: those it is deployed with, and what it takes to drive it. */
export const openClients = () => ({
  ...openDeployClients(),
  lambda: new LambdaClient({}),
  // The address of a queue names a host; an emulator answers under another.
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
});
export type Clients = ReturnType<typeof openClients>;
