import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** ARN of whom AWS takes the credentials of this process for. */
export const callerArn = async (client: STSClient = new STSClient({})): Promise<string> => {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new Error('STS did not say who this is');
  return Arn;
};
