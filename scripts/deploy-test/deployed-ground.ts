import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { UpdateCertificateCommand } from '@aws-sdk/client-iot';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { SignJWT } from 'jose';
import { packedOf } from '#functions/readings/store/readings.ts';
import { connectDevice } from '#iot/connection.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { SignIn } from '#scripts/deployed/sign-in.ts';
import type { Stand } from '#scripts/rehearse/ground.ts';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { readingsPartition } from '#shared/table/keys.ts';
import type { StoryGround } from '#tests/journeys/story/ground.ts';
import { account } from './emulator.ts';
import { deployedOperator } from './operator.ts';
import { OutboundQueue } from './outbound-queue.ts';
import { hurrySilentMeters } from './schedules.ts';

/** A client of the bus with the rights of the role that a sending system assumes. */
const senderOf = async ({ sts }: Clients, stage: string, source: string): Promise<EventBridgeClient> => {
  const RoleArn = `arn:aws:iam::${account}:role/rotunda-${stage}-source-${source}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: source }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken } = Credentials ?? {};
  return new EventBridgeClient({
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    },
  });
};

/** Claims of a good token under a signature of nobody's. */
const forge = (good: string): Promise<string> => {
  const [header = '', payload = ''] = good.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new SignJWT(JSON.parse(payload)).setProtectedHeader(JSON.parse(header)).sign(privateKey);
};

export interface DeployedGround extends StoryGround {
  readonly signIn: SignIn;
  close(): Promise<void>;
}

/** The deployed stacks as ground of the story. */
export const openDeployedGround = async (
  clients: Clients,
  { stacks: deployed, api, signIn }: Stand,
): Promise<DeployedGround> => {
  const { stage } = deployed;
  const settings = await deployed.settings('operations', ['readingsTable', 'profileTable', 'auditTable', 'keysTable']);
  const names = {
    profile: settings.profileTable,
    readings: settings.readingsTable,
    audit: settings.auditTable,
    keys: settings.keysTable,
  };
  const tables = openDynamoTables({ names, client: clients.dynamo });
  const outbound = await OutboundQueue.subscribe(clients, deployed.output('OutboundBus'));
  return {
    stage,
    signIn,
    api,
    operator: deployedOperator(stage),
    patienceMs: 60_000,
    send: async (events) => {
      const sources = new Set(events.map(({ source }) => source));
      for (const source of sources) {
        const client = await senderOf(clients, stage, source);
        const bus = createEventBridgeBus({ busName: deployed.output('InboundBus'), client, attempts: 1 });
        await bus.publish(events.filter((event) => event.source === source));
        client.destroy();
      }
    },
    published: () => outbound.heard(),
    connect: (meter, keyPem) => connectDevice({ ...meter, keyPem, connectAttempts: 1 }),
    revoke: async ({ fingerprint }) => {
      const take = new UpdateCertificateCommand({ certificateId: fingerprint, newStatus: 'INACTIVE' });
      await clients.iot.send(take);
    },
    lookAtSilentMeters: () => hurrySilentMeters(clients, deployed),
    readings: async (meter, register) => {
      const pk = readingsPartition(meter, register);
      const items = await readAll(tables.table('readings'), { pk, consistent: true });
      return new Map(items.map((item) => [item.sk, Buffer.from(packedOf(item)).toString('hex')]));
    },
    expiredToken: async () => {
      const token = await signIn.shortToken();
      await sleep(2000);
      return token;
    },
    forgedToken: async () => forge(await signIn.personToken({ role: 'agent' })),
    close: () => outbound.unsubscribe(),
  };
};
