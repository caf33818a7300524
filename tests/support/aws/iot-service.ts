import {
  AttachPolicyCommand,
  type AttachPolicyCommandInput,
  AttachThingPrincipalCommand,
  type AttachThingPrincipalCommandInput,
  CreateCertificateFromCsrCommand,
  type CreateCertificateFromCsrCommandInput,
  CreateThingCommand,
  type CreateThingCommandInput,
  DescribeCertificateCommand,
  type DescribeCertificateCommandInput,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  type DetachThingPrincipalCommandInput,
  IoTClient,
  ListPrincipalThingsCommand,
  type ListPrincipalThingsCommandInput,
  ListThingPrincipalsCommand,
  type ListThingPrincipalsCommandInput,
  UpdateCertificateCommand,
  type UpdateCertificateCommandInput,
} from '@aws-sdk/client-iot';
import { mockClient } from 'aws-sdk-client-mock';
import {
  fingerprintOf,
  makeAuthority,
  newKeyPem,
  readSigningRequest,
  signCertificate,
} from '#shared/messaging/certificates.ts';
import type { Clock } from '#shared/runtime/clock.ts';

/** A certificate as IoT Core holds it. */
export interface HeldCertificate {
  status: string;
  readonly createdAt: Date;
  readonly things: Set<string>;
  readonly policies: Set<string>;
}

/** Call number `turn` (from 1) of the registry fails, before it took effect or after. */
export interface IotFault {
  readonly turn: number;
  readonly name: string;
  readonly when: 'before' | 'after';
}

export interface IotService {
  readonly client: IoTClient;
  readonly things: Map<string, string | undefined>;
  readonly certificates: Map<string, HeldCertificate>;
  /** Names of the calls that were made. */
  readonly calls: string[];
  fault: IotFault | undefined;
}

const refusal = (name: string): Error => Object.assign(new Error(name), { name, $fault: 'client' });
const keyKinds = new Set(['ec:prime256v1', 'ec:secp384r1', 'ec:secp521r1', 'rsa:2048', 'rsa:3072', 'rsa:4096']);
const arnOf = (id: string): string => `arn:aws:iot:eu-west-1:111122223333:cert/${id}`;
const idOf = (arn: string | undefined): string => (arn ?? '').split('/').at(-1) ?? '';

/** One entry a page, so that whoever reads one page alone is found out. */
const pageOf = (all: readonly string[], token: string | undefined) => {
  const from = Number(token ?? 0);
  return { entries: all.slice(from, from + 1), nextToken: from + 1 < all.length ? String(from + 1) : undefined };
};

/** Things, certificates and policies as IoT Core keeps them, behind the real client; its certificates last until 2049. */
export const startIotService = async (clock: Clock, policy: string, thingType: string): Promise<IotService> => {
  const authority = await makeAuthority('Amazon Web Services', newKeyPem(), {
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2049-12-31T23:59:59Z'),
  });
  const client = new IoTClient({ region: 'eu-west-1' });
  const service: IotService = { client, things: new Map(), certificates: new Map(), calls: [], fault: undefined };
  const mock = mockClient(client);

  /** Counts a call, and lets it fail where it is planned to. */
  const called = async <Answer>(name: string, act: () => Answer | Promise<Answer>): Promise<Answer> => {
    service.calls.push(name);
    const { fault, calls } = service;
    const due = fault?.turn === calls.length ? fault : undefined;
    if (due?.when === 'before') throw refusal(due.name);
    const answer = await act();
    if (due !== undefined) throw refusal(due.name);
    return answer;
  };
  const certificateOf = (id: string | undefined): HeldCertificate => {
    if (id === undefined || !/^[0-9a-f]{64}$/.test(id)) throw refusal('InvalidRequestException');
    const held = service.certificates.get(id);
    if (held === undefined) throw refusal('ResourceNotFoundException');
    return held;
  };
  const checkThing = (name: string | undefined): string => {
    if (name === undefined || !service.things.has(name)) throw refusal('ResourceNotFoundException');
    return name;
  };

  const createThing = ({ thingName = '', thingTypeName }: CreateThingCommandInput) => {
    if (thingTypeName !== thingType) throw refusal('ResourceNotFoundException');
    if (service.things.has(thingName) && service.things.get(thingName) !== thingTypeName)
      throw refusal('ResourceAlreadyExistsException');
    service.things.set(thingName, thingTypeName);
    return { thingName };
  };

  const createCertificate = async (input: CreateCertificateFromCsrCommandInput) => {
    const csr = input.certificateSigningRequest ?? '';
    const request = csr.length > 4096 ? undefined : await readSigningRequest(csr).catch(() => undefined);
    if (request === undefined || !keyKinds.has(request.keyKind)) throw refusal('InvalidRequestException');
    const certificatePem = await signCertificate(authority, {
      commonName: 'AWS IoT Certificate',
      publicKeyDer: request.publicKeyDer,
      use: 'client',
      notBefore: new Date(clock.now() - 120_000),
      notAfter: new Date('2049-12-31T23:59:59Z'),
    });
    const id = fingerprintOf(certificatePem);
    service.certificates.set(id, {
      status: input.setAsActive === true ? 'ACTIVE' : 'INACTIVE',
      createdAt: new Date(clock.now()),
      things: new Set(),
      policies: new Set(),
    });
    return { certificateArn: arnOf(id), certificateId: id, certificatePem };
  };

  const attachThing = ({ thingName, principal, thingPrincipalType }: AttachThingPrincipalCommandInput) => {
    const [thing, held] = [checkThing(thingName), certificateOf(idOf(principal))];
    if (thingPrincipalType === 'EXCLUSIVE_THING' && [...held.things].some((other) => other !== thing))
      throw refusal('InvalidRequestException');
    held.things.add(thing);
    return {};
  };

  const listThings = ({ principal, nextToken: token }: ListPrincipalThingsCommandInput) => {
    const { entries, nextToken } = pageOf([...certificateOf(idOf(principal)).things], token);
    return { things: entries, nextToken };
  };

  const listPrincipals = ({ thingName, nextToken: token }: ListThingPrincipalsCommandInput) => {
    const thing = checkThing(thingName);
    const attached = [...service.certificates].flatMap(([id, held]) => (held.things.has(thing) ? [arnOf(id)] : []));
    const { entries, nextToken } = pageOf(attached, token);
    return { principals: entries, nextToken };
  };

  mock
    .on(CreateThingCommand)
    .callsFake((input: CreateThingCommandInput) => called('CreateThing', () => createThing(input)));
  mock
    .on(CreateCertificateFromCsrCommand)
    .callsFake((input: CreateCertificateFromCsrCommandInput) =>
      called('CreateCertificateFromCsr', () => createCertificate(input)),
    );
  mock
    .on(AttachThingPrincipalCommand)
    .callsFake((input: AttachThingPrincipalCommandInput) => called('AttachThingPrincipal', () => attachThing(input)));
  mock.on(DetachThingPrincipalCommand).callsFake((input: DetachThingPrincipalCommandInput) =>
    called('DetachThingPrincipal', () => {
      certificateOf(idOf(input.principal)).things.delete(checkThing(input.thingName));
      return {};
    }),
  );
  mock.on(AttachPolicyCommand).callsFake((input: AttachPolicyCommandInput) =>
    called('AttachPolicy', () => {
      if (input.policyName !== policy) throw refusal('ResourceNotFoundException');
      certificateOf(idOf(input.target)).policies.add(policy);
      return {};
    }),
  );
  mock.on(DetachPolicyCommand).callsFake((input: AttachPolicyCommandInput) =>
    called('DetachPolicy', () => {
      certificateOf(idOf(input.target)).policies.delete(input.policyName ?? '');
      return {};
    }),
  );
  mock.on(UpdateCertificateCommand).callsFake((input: UpdateCertificateCommandInput) =>
    called('UpdateCertificate', () => {
      certificateOf(input.certificateId).status = input.newStatus ?? '';
      return {};
    }),
  );
  mock.on(DescribeCertificateCommand).callsFake((input: DescribeCertificateCommandInput) =>
    called('DescribeCertificate', () => {
      const { status, createdAt } = certificateOf(input.certificateId);
      const arn = arnOf(input.certificateId ?? '');
      return { certificateDescription: { certificateArn: arn, status, creationDate: createdAt } };
    }),
  );
  mock
    .on(ListPrincipalThingsCommand)
    .callsFake((input: ListPrincipalThingsCommandInput) => called('ListPrincipalThings', () => listThings(input)));
  mock
    .on(ListThingPrincipalsCommand)
    .callsFake((input: ListThingPrincipalsCommandInput) => called('ListThingPrincipals', () => listPrincipals(input)));
  return service;
};
