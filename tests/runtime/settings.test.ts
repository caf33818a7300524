import { expect, it } from 'vitest';
import { environmentName, environmentOf, readSettings, type Settings, settingNames } from '#shared/runtime/settings.ts';
import { standardPaymentBounds } from '#shared/vocabulary/payment-policy.ts';

const settings: Settings = {
  stage: 'dev',
  watching: 'protecting',
  zone: 'Europe/London',
  country: 'GB',
  payments: {
    currencies: { JPY: { mostAtDesk: 2_000_000, mostAtAll: 200_000_000, mostReversedAlone: 100_000 } },
    otherwise: standardPaymentBounds,
  },
  erasures: { blockedBy: ['balance'], evenSo: ['unlawful'] },
  profileTable: 'profile',
  readingsTable: 'readings',
  auditTable: 'audit',
  keysTable: 'keys',
  masterKey: 'arn:aws:kms:eu-west-2:123456789012:key/4b1e2b0c',
  installationKey: 'arn:aws:kms:eu-west-2:123456789012:alias/installation',
  inboundBus: 'rotunda-dev-inbound',
  outboundBus: 'rotunda-dev-outbound',
  telemetryStream: 'telemetry',
  checkpointsBucket: 'checkpoints',
  factsQueue: 'facts',
  factLetters: ['facts-letters', 'inbound-letters'],
  failuresBucket: 'failures',
  importsBucket: 'imports',
  importsWorker: 'rotunda-dev-imports-work:live',
  importsPoints: 'rotunda-dev-imports-points:live',
  replayWorker: 'rotunda-dev-operations-replay:live',
  silenceWorker: 'rotunda-dev-silent-meters:live',
  issuer: 'https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_abc',
  staffIssuer: 'https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_def',
  staffJwksUri: 'https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_def/.well-known/jwks.json',
  staffSignInUrl: 'https://rotunda-dev-staff.auth.eu-west-2.amazoncognito.com',
  signsIn: 'staff',
  jwksUri: 'https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_abc/.well-known/jwks.json',
  signInUrl: 'https://rotunda-dev.auth.eu-west-2.amazoncognito.com',
  clients: { console: { kind: 'people', signsIn: ['staff'] }, billing: { kind: 'machine', sources: ['billing'] } },
  origins: ['https://console.example'],
  devicePolicy: 'rotunda-dev-meter',
  deviceThingType: 'rotunda-dev-meter',
  deviceEndpoint: 'a1-ats.iot.eu-west-2.amazonaws.com',
  devicePort: 8883,
  deviceCaPem: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
};

it('what a stack writes into a function, the function reads back whole', () => {
  const environment = environmentOf(settings);
  expect(environment.ROTUNDA_PROFILE_TABLE).toBe('profile');
  expect(Object.keys(environment)).toHaveLength(settingNames.length);
  expect(readSettings(settingNames, environment)).toEqual(settings);
});

it('a function reads what it asks for and nothing else', () => {
  expect(readSettings(['stage', 'devicePort'], { ...environmentOf(settings), ROTUNDA_ZONE: 'nowhere' })).toEqual({
    stage: 'dev',
    devicePort: 8883,
  });
});

it('every setting that is missing is named, those that may be left out are not', () => {
  expect(() => readSettings(['profileTable', 'jwksUri', 'masterKey'], {})).toThrow(
    'the settings of this function are not complete: ROTUNDA_PROFILE_TABLE is missing; ROTUNDA_MASTER_KEY is missing',
  );
  expect(readSettings(['jwksUri'], {})).toEqual({});
});

it.each([
  ['stage', 'Dev-1', 'ROTUNDA_STAGE is no stage: 1 to 20 small letters and digits'],
  ['zone', 'Europe/Nowhere', 'ROTUNDA_ZONE is no time zone'],
  ['country', 'gb', 'ROTUNDA_COUNTRY is no country of two letters'],
  ['masterKey', 'secret-of-mine', 'ROTUNDA_MASTER_KEY is no ARN of a KMS key'],
  ['issuer', 'cognito', 'ROTUNDA_ISSUER is no address'],
  ['payments', '{"otherwise":{}}', 'ROTUNDA_PAYMENTS '],
  ['clients', '{"a":', 'ROTUNDA_CLIENTS is no JSON'],
  ['profileTable', '', 'ROTUNDA_PROFILE_TABLE is empty'],
] as const)('a wrong %s is told by its variable, its value is not', (name, value, complaint) => {
  const environment = { [environmentName(name)]: value };
  expect(() => readSettings([name], environment)).toThrow(complaint);
  if (value !== '') expect(() => readSettings([name], environment)).not.toThrow(value);
});

it('a client bound to a source that no bus carries is refused', () => {
  const clients = JSON.stringify({ billing: { kind: 'machine', sources: ['Billing System'] } });
  expect(() => readSettings(['clients'], { ROTUNDA_CLIENTS: clients })).toThrow('ROTUNDA_CLIENTS');
});
