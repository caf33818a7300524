import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateCertificateFromCsrCommand } from '@aws-sdk/client-iot';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { eventually } from '#tests/support/eventually.ts';
import { freshKey, meterBody } from '#tests/support/small-world.ts';
import type { DeployedParts } from './deployed-parts.ts';

const HookAnswer = z.object({
  allowProvisioning: z.boolean(),
  parameterOverrides: z.object({ ThingName: z.string() }).optional(),
});

/** Asks the hook as IoT Core does when a device with the claim certificate wants one of its own. */
const askHook = async ({ clients, deployed }: DeployedParts, serial: string): Promise<z.infer<typeof HookAnswer>> => {
  const certificateSigningRequest = await makeSigningRequest(serial, newDeviceKey());
  const made = await clients.iot.send(
    new CreateCertificateFromCsrCommand({ certificateSigningRequest, setAsActive: false }),
  );
  const event = {
    claimCertificateId: '0'.repeat(64),
    certificateId: made.certificateId,
    certificatePem: made.certificatePem,
    templateArn: `arn:aws:iot:eu-west-1:000000000000:provisioningtemplate/rotunda-${deployed.stage}-meter`,
    clientId: `claim-${serial}`,
    parameters: { SerialNumber: serial },
  };
  const FunctionName = `${deployed.functionName('meter-provision')}:live`;
  const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return HookAnswer.parse(JSON.parse(Buffer.from(Payload ?? []).toString('utf8')));
};

/** How meters get and lose certificates beside the registration by the API. */
export const deviceSteps = (parts: DeployedParts): readonly StoryStep[] => {
  const { clients, deployed, ground } = parts;
  return [
    {
      name: 'certificate-dates',
      title: 'a certificate that the registry gives has the key of the request, and an end',
      run: async () => {
        const { json } = await ground.api.must({
          method: 'POST',
          path: '/v1/meters',
          as: { client: 'field' },
          headers: { 'idempotency-key': freshKey() },
          json: await meterBody('DT-dates'),
        });
        const { validTo } = new X509Certificate(String(json.certificatePem));
        assert.equal(new Date(validTo).toISOString(), json.notAfter);
      },
    },
    {
      name: 'provisioning',
      title: 'the hook lets a device that was announced in once, and none that was not',
      run: async () => {
        const { csr: _, ...announcement } = await meterBody('DT-announced');
        const { json } = await ground.api.must({
          method: 'POST',
          path: '/v1/meters',
          as: { client: 'field' },
          headers: { 'idempotency-key': freshKey() },
          json: announcement,
        });
        const first = await askHook(parts, 'DT-announced');
        assert.deepEqual(first, { allowProvisioning: true, parameterOverrides: { ThingName: json.id } });
        assert.equal((await askHook(parts, 'DT-announced')).allowProvisioning, false);
        assert.equal((await askHook(parts, 'DT-nobody')).allowProvisioning, false);
      },
    },
    {
      name: 'certificates',
      title: 'the schedule runs over the certificates of meters',
      run: async () => {
        const logGroupName = `/aws/lambda/${deployed.functionName('meter-certificates')}`;
        const filter = new FilterLogEventsCommand({ logGroupName, filterPattern: '"certificates.retired"' });
        const runs = async () => (await clients.logs.send(filter)).events ?? [];
        await eventually('a run of the schedule', 90_000, runs, (events) => events.length > 0);
      },
    },
  ];
};
