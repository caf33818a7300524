import { environmentOf } from '#shared/runtime/settings.ts';
import { standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';

/** Every setting of every function, as made-up values of its form, by the variable it stands in. */
export const everySetting: Readonly<Record<string, string>> = environmentOf({
  stage: 'dev',
  watching: 'all',
  zone: 'Europe/London',
  country: 'GB',
  payments: standardPaymentPolicy,
  erasures: standardErasurePolicy,
  profileTable: 'profile',
  readingsTable: 'readings',
  auditTable: 'audit',
  keysTable: 'keys',
  masterKey: 'arn:aws:kms:eu-west-2:123456789012:key/4b1e2b0c',
  installationKey: 'arn:aws:kms:eu-west-2:123456789012:key/9a8b7c6d',
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
  signsIn: 'staff',
  signInUrl: 'https://rotunda-dev.auth.eu-west-2.amazoncognito.com',
  clients: { console: { kind: 'people', signsIn: ['staff'] } },
  origins: ['https://console.example'],
  devicePolicy: 'rotunda-dev-meter',
  deviceThingType: 'rotunda-dev-meter',
  deviceEndpoint: 'a1-ats.iot.eu-west-2.amazonaws.com',
  devicePort: 8883,
});

/** What Lambda itself says to a function. */
export const saidByLambda: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-west-2',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
