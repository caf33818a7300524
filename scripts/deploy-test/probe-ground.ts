import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  AttachPolicyCommand,
  CreateKeysAndCertificateCommand,
  DeleteCertificateCommand,
  DetachPolicyCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { connectDevice } from '#iot/connection.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { account } from './emulator.ts';
import { probeTemplate } from './probe-template.ts';

type Part = keyof (typeof probeTemplate)['Resources'];

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const StackName = 'probes';
const waitSeconds = 60;

/** What probes are tried on, made for them and taken away after. */
export class ProbeGround {
  readonly clients: Clients;
  readonly #mqtt: { readonly port: number; readonly caPem: string };
  readonly #ids: ReadonlyMap<string, string>;

  private constructor(
    clients: Clients,
    mqtt: { readonly port: number; readonly caPem: string },
    ids: ReadonlyMap<string, string>,
  ) {
    this.clients = clients;
    this.#mqtt = mqtt;
    this.#ids = ids;
  }

  static async make(clients: Clients, mqtt: { readonly port: number; readonly caPem: string }): Promise<ProbeGround> {
    const { cloudFormation: client } = clients;
    const TemplateBody = JSON.stringify(probeTemplate);
    await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
    await waitUntilStackCreateComplete({ client, maxWaitTime: waitSeconds, minDelay: 1, maxDelay: 1 }, { StackName });
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName }));
    const ids = StackResources.map((one) => [one.LogicalResourceId ?? '', one.PhysicalResourceId ?? ''] as const);
    return new ProbeGround(clients, mqtt, new Map(ids));
  }

  /** Physical id of a part of the stack. */
  id(part: Part): string {
    const id = this.#ids.get(part);
    if (id === undefined) throw new Error(`the probes have no ${part}`);
    return id;
  }

  /** Credentials of a role that may do three things, each under a condition or on a resource. */
  async limited(): Promise<{ readonly credentials: Credentials }> {
    const RoleArn = `arn:aws:iam::${account}:role/${this.id('Limited')}`;
    const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'probe' });
    const { AccessKeyId, SecretAccessKey, SessionToken } = (await this.clients.sts.send(assume)).Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
      throw new Error('no credentials of the probing role');
    return {
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    };
  }

  /** Publishes to the rule that is probed, as a device of its own. */
  async publish(payload: Uint8Array): Promise<void> {
    const { iot } = this.clients;
    const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
    const { certificateArn: target, certificateId, certificatePem = '', keyPair } = made;
    const policyName = this.id('DevicePolicy');
    await iot.send(new AttachPolicyCommand({ policyName, target }));
    const line = await connectDevice({
      endpoint: 'localhost',
      port: this.#mqtt.port,
      caPem: this.#mqtt.caPem,
      thing: 'probe',
      keyPem: keyPair?.PrivateKey ?? '',
      certificatePem,
      connectAttempts: 1,
    });
    await line.publish('probe', payload);
    await line.close();
    await iot.send(new DetachPolicyCommand({ policyName, target }));
    await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
    await iot.send(new DeleteCertificateCommand({ certificateId, forceDelete: true }));
  }

  async remove(): Promise<void> {
    const { cloudFormation: client } = this.clients;
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime: waitSeconds, minDelay: 1, maxDelay: 1 }, { StackName });
  }
}
