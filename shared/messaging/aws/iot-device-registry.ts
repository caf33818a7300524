import { X509Certificate } from 'node:crypto';
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateThingCommand,
  DescribeCertificateCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  IoTClient,
  ListPrincipalThingsCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import type { ActiveCertificate, DeviceRegistry, IssuedCertificate } from '#shared/messaging/ports.ts';
import { checkThingName } from '#shared/messaging/thing-names.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { amazonRootCa1 } from './amazon-root-ca.ts';

export interface IotDeviceRegistryOptions {
  /** Name of the IoT policy of meters. */
  readonly policy: string;
  readonly thingType: string;
  /** Where devices connect: the address DescribeEndpoint tells for `iot:Data-ATS`. */
  readonly deviceEndpoint: string;
  /** 8883 by default. */
  readonly devicePort?: number;
  /** The authority devices trust; Amazon Root CA 1 by default. */
  readonly deviceCaPem?: string;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: IoTClient;
}

const fingerprint = /^[0-9a-f]{64}$/;
const busy: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'LimitExceededException',
  'ServiceUnavailableException',
  'InternalFailureException',
  'InternalException',
]);

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
const isUnknown = (error: unknown): boolean => isNamed(error, 'ResourceNotFoundException');

/** An error of IoT that passes with time, as the API tells it; any other stays as it is. */
const failureOf = (error: unknown): unknown =>
  error instanceof Error && busy.has(error.name)
    ? new DomainError('unavailable', 'service.busy', 'The device registry is busy; try again shortly.', {
        cause: error,
        retryAfterSeconds: 1,
      })
    : error;

const told = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await call();
  } catch (error) {
    throw failureOf(error);
  }
};

const refuseRequest = (cause: unknown): never => {
  const message = 'The certificate request cannot be used.';
  throw new DomainError('invalid', 'csr.invalid', message, {
    cause,
    errors: [{ pointer: '/csr', code: 'csr.invalid', message }],
  });
};

interface Described {
  readonly arn: string;
  readonly active: boolean;
  readonly issuedAt: string;
}

const idOf = (principal: string): string | undefined => /:cert\/([0-9a-f]{64})$/.exec(principal)?.[1];

/**
 * Things and certificates in IoT Core. A certificate is made inactive, gets its thing and its policy, and is activated last: what
 * a crash or a lost answer leaves over can do nothing, and the next try makes another. The id of a certificate is the SHA-256 of
 * its DER, our fingerprint. Throws DomainError('unavailable', 'service.busy') where IoT Core throttles.
 */
export const createIotDeviceRegistry = (options: IotDeviceRegistryOptions): DeviceRegistry => {
  const { policy, thingType, endpoint } = options;
  const client = options.client ?? new IoTClient(endpoint === undefined ? {} : { endpoint });

  const createThing = async (thing: string): Promise<void> => {
    try {
      await client.send(new CreateThingCommand({ thingName: thing, thingTypeName: thingType }));
    } catch (error) {
      // There already, with other attributes: provisioning or an older release made it.
      if (!isNamed(error, 'ResourceAlreadyExistsException')) throw error;
    }
  };

  const createCertificate = async (csrPem: string) => {
    try {
      const made = await client.send(
        new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: false }),
      );
      const { certificateArn: arn, certificateId: id, certificatePem: pem } = made;
      if (arn === undefined || id === undefined || pem === undefined)
        throw new Error('IoT answered without a certificate');
      return { arn, id, pem };
    } catch (error) {
      return isNamed(error, 'InvalidRequestException') ? refuseRequest(error) : Promise.reject(error);
    }
  };

  const describe = async (certificate: string): Promise<Described | undefined> => {
    try {
      const answer = await client.send(new DescribeCertificateCommand({ certificateId: certificate }));
      const { certificateArn, status, creationDate } = answer.certificateDescription ?? {};
      if (certificateArn === undefined) throw new Error('IoT described no certificate');
      const issuedAt = (creationDate ?? new Date(0)).toISOString();
      return { arn: certificateArn, active: status === 'ACTIVE', issuedAt };
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  };

  const isAttached = async (thing: string, arn: string): Promise<boolean> => {
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListPrincipalThingsCommand({ principal: arn, ...(nextToken && { nextToken }) }),
      );
      if (page.things?.includes(thing) === true) return true;
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return false;
  };

  /** The certificate with its state, where it is attached to the thing. */
  const attachedOf = async (thing: string, certificate: string): Promise<Described | undefined> => {
    if (!fingerprint.test(certificate)) return undefined;
    const described = await describe(certificate);
    return described !== undefined && (await isAttached(thing, described.arn)) ? described : undefined;
  };

  const principalsOf = async (thing: string): Promise<readonly string[]> => {
    const principals: string[] = [];
    let nextToken: string | undefined;
    try {
      do {
        const page = await client.send(
          new ListThingPrincipalsCommand({ thingName: thing, ...(nextToken && { nextToken }) }),
        );
        principals.push(...(page.principals ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
    return principals;
  };

  const issue = async (thing: string, csrPem: string): Promise<IssuedCertificate> => {
    await createThing(thing);
    const made = await createCertificate(csrPem);
    await client.send(
      new AttachThingPrincipalCommand({
        thingName: thing,
        principal: made.arn,
        thingPrincipalType: 'EXCLUSIVE_THING',
      }),
    );
    await client.send(new AttachPolicyCommand({ policyName: policy, target: made.arn }));
    await client.send(new UpdateCertificateCommand({ certificateId: made.id, newStatus: 'ACTIVE' }));
    return {
      certificatePem: made.pem,
      fingerprint: made.id,
      notAfter: new Date(new X509Certificate(made.pem).validTo).toISOString(),
      endpoint: options.deviceEndpoint,
      port: options.devicePort ?? 8883,
      caPem: options.deviceCaPem ?? amazonRootCa1,
    };
  };

  const certificatesOf = async (thing: string): Promise<readonly ActiveCertificate[]> => {
    const found: ActiveCertificate[] = [];
    for (const principal of await principalsOf(thing)) {
      const certificate = idOf(principal);
      const described = certificate === undefined ? undefined : await describe(certificate);
      if (certificate !== undefined && described?.active === true)
        found.push({ fingerprint: certificate, issuedAt: described.issuedAt });
    }
    return found;
  };

  const revoke = async (thing: string, certificate: string): Promise<void> => {
    const attached = await attachedOf(thing, certificate);
    if (attached === undefined) return;
    // Deactivated first: the device is cut off even where what follows fails, and a retry finds it still attached.
    await client.send(new UpdateCertificateCommand({ certificateId: certificate, newStatus: 'INACTIVE' }));
    await client.send(new DetachPolicyCommand({ policyName: policy, target: attached.arn }));
    await client.send(new DetachThingPrincipalCommand({ thingName: thing, principal: attached.arn }));
  };

  return {
    async issue(thing, csrPem) {
      checkThingName(thing);
      return told(() => issue(thing, csrPem));
    },
    isActive: (thing, certificate) => told(async () => (await attachedOf(thing, certificate))?.active === true),
    certificatesOf: (thing) => told(() => certificatesOf(thing)),
    revoke: (thing, certificate) => told(() => revoke(thing, certificate)),
  };
};
