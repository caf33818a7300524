import { Aws } from 'aws-cdk-lib';
import { Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { HouseFunction } from './function.ts';

const iot = (resource: string): string => `arn:${Aws.PARTITION}:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

/** Things are named for their meters. */
const meters = iot('thing/mtr_*');
/** The id of a certificate is its fingerprint, known once it is made. */
const certificates = iot('cert/*');

/** What a role may do with things and certificates, apart from all else it may. */
export class DevicePolicy extends Policy {
  constructor(scope: Construct, id: string, role: Role, statements: readonly PolicyStatement[]) {
    super(scope, id, { roles: [role], statements: [...statements] });
  }
}

const allow = (actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/** These acts know no resource. */
const look = (): readonly PolicyStatement[] => [
  allow(['iot:ListPrincipalThings', 'iot:ListThingPrincipals'], ['*']),
  allow(['iot:DescribeCertificate'], [certificates]),
];

const retire = (): readonly PolicyStatement[] => [
  allow(['iot:DetachPolicy', 'iot:UpdateCertificate'], [certificates]),
  allow(['iot:DetachThingPrincipal'], [meters, certificates]),
];

/** The registry of devices of this account: names that the stacks and the functions agree on, and rights on it. */
export class DeviceRegistry {
  readonly policyName: string;
  readonly thingType: string;
  readonly #deployment: Deployment;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.policyName = physicalName(deployment, 'meter');
    this.thingType = physicalName(deployment, 'meter');
  }

  get settings(): Pick<Settings, 'devicePolicy' | 'deviceThingType' | 'deviceEndpoint' | 'devicePort'> {
    const { deviceEndpoint, devicePort } = this.#deployment.config;
    return { devicePolicy: this.policyName, deviceThingType: this.thingType, deviceEndpoint, devicePort };
  }

  /** Registers meters, signs their requests, and takes certificates back. */
  letRegister(grantee: HouseFunction): void {
    const statements = [
      ...look(),
      ...retire(),
      allow(['iot:CreateThing'], [meters]),
      allow(['iot:CreateCertificateFromCsr'], ['*']),
      allow(['iot:AttachPolicy'], [certificates]),
      allow(['iot:AttachThingPrincipal'], [meters, certificates]),
    ];
    new DevicePolicy(grantee, 'Devices', grantee.role, statements);
  }

  /** Takes back certificates that are superseded or over. */
  letRetire(grantee: HouseFunction): void {
    new DevicePolicy(grantee, 'Devices', grantee.role, [...look(), ...retire()]);
  }

  /** Sees which certificates a meter has. */
  letLook(grantee: HouseFunction): void {
    new DevicePolicy(grantee, 'Devices', grantee.role, look());
  }

  /** What IoT Core may do while it provisions a device by the template. */
  letProvision(scope: Construct, role: Role): DevicePolicy {
    return new DevicePolicy(scope, 'Devices', role, [
      allow(['iot:CreateThing', 'iot:DescribeThing', 'iot:UpdateThing'], [meters]),
      allow(['iot:DescribeThingType'], [iot(`thingtype/${this.thingType}`)]),
      allow(['iot:AttachPolicy', 'iot:DescribeCertificate', 'iot:UpdateCertificate'], [certificates]),
      allow(['iot:AttachThingPrincipal'], [meters, certificates]),
      allow(['iot:GetPolicy'], [iot(`policy/${this.policyName}`)]),
    ]);
  }
}
