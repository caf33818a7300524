import * as z from 'zod';
import { ClientSetting, Signer } from '#shared/vocabulary/clients.ts';
import { ErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { Stage } from '#shared/vocabulary/stage.ts';
import { Watching } from '#shared/vocabulary/watching.ts';
import { isZone } from '#shared/vocabulary/zones.ts';

const text = z.string().min(1, 'is empty');
const keyArn = z.string().regex(/^arn:[a-z-]+:kms:[^:]+:\d{12}:(key|alias)\/.+$/, 'is no ARN of a KMS key');
const address = z.url({ protocol: /^https?$/, error: 'is no address' });

const json = (value: string, context: z.core.$RefinementCtx<string>): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue('is no JSON');
    return z.NEVER;
  }
};

/**
 * Every setting of a deployed function: the one home of their names and forms. The environment variable of `profileTable` is
 * `ROTUNDA_PROFILE_TABLE`.
 */
const Settings = z.object({
  stage: Stage,
  /** Which counts are metrics of CloudWatch. */
  watching: Watching,
  /** The utility's zone: an IANA name or a fixed offset. */
  zone: z.string().refine(isZone, 'is no time zone'),
  /** Country of phone numbers written without one, ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/, 'is no country of two letters'),
  /** Bounds of payments, by currency. */
  payments: z.string().transform(json).pipe(PaymentPolicy),
  /** What stands against the erasure of a person. */
  erasures: z.string().transform(json).pipe(ErasurePolicy),
  /** Physical names of the tables. */
  profileTable: text,
  readingsTable: text,
  auditTable: text,
  keysTable: text,
  /** KMS key that wraps data keys. */
  masterKey: keyArn,
  /** KMS HMAC key that keys of this installation are derived from. */
  installationKey: keyArn,
  inboundBus: text,
  outboundBus: text,
  telemetryStream: text,
  /** Names of the queue of facts, and of the queues that hold what was given up on the way there. */
  factsQueue: text,
  factLetters: z.string().transform(json).pipe(z.array(text)),
  checkpointsBucket: text,
  failuresBucket: text,
  importsBucket: text,
  /** The function that works imports off, with its alias. */
  importsWorker: text,
  /** The function that makes points of imports known, with its alias. */
  importsPoints: text,
  /** The function that works replays on, with its alias. */
  replayWorker: text,
  /** The function that looks at silent meters, with its alias. */
  silenceWorker: text,
  /** Issuer of the tokens that are taken. */
  issuer: address,
  /** Where the issuer's keys are; by default where Cognito has them. */
  jwksUri: address.optional(),
  /** Issuer of the tokens of staff, and where its keys are. */
  staffIssuer: address,
  staffJwksUri: address.optional(),
  /** Where customers and machines, and where staff, get tokens (`/oauth2/authorize`, `/oauth2/token` below it); for the API's description. */
  signInUrl: address.optional(),
  staffSignInUrl: address.optional(),
  /** Who signs in to a pool, for the function that writes its tokens. */
  signsIn: Signer,
  /** By client id. */
  clients: z.string().transform(json).pipe(z.record(z.string(), ClientSetting)),
  /** Origins whose pages may call the API. */
  origins: z.string().transform(json).pipe(z.array(z.url())),
  /** IoT policy and thing type of meters, and where they connect. */
  devicePolicy: text,
  deviceThingType: text,
  deviceEndpoint: text,
  devicePort: z.coerce.number().int().min(1).max(65_535),
  /** The authority meters trust, where it is another than Amazon's. */
  deviceCaPem: text.optional(),
});
export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;

/** Environment variable of a setting. */
export const environmentName = (name: SettingName): string =>
  `ROTUNDA_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

export const settingNames: readonly SettingName[] = Settings.keyof().options;

const Sent = Settings.partial();

const isOptional = (name: SettingName): boolean => Settings.shape[name].safeParse(undefined).success;

const holdsAll = <Name extends SettingName>(
  read: z.infer<typeof Sent>,
  names: readonly Name[],
): read is z.infer<typeof Sent> & Pick<Settings, Name> =>
  names.every((name) => isOptional(name) || read[name] !== undefined);

/** One sentence on each variable that is missing or wrong; its value is never told. */
const complaintsOf = (sent: Readonly<Record<string, string>>, names: readonly SettingName[]): readonly string[] =>
  [...new Set(names)].flatMap((name) => {
    const value = sent[name];
    if (value === undefined) return isOptional(name) ? [] : [`${environmentName(name)} is missing`];
    const parsed = Settings.shape[name].safeParse(value);
    return parsed.success ? [] : [`${environmentName(name)} ${parsed.error.issues[0]?.message ?? 'is wrong'}`];
  });

/** Names every variable that is missing or wrong, and never a value. */
export class IncompleteSettings extends Error {
  // Private, since Node prints an error's own members beside its message.
  readonly #complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(`the settings of this function are not complete: ${complaints.join('; ')}`);
    this.#complaints = complaints;
  }

  get complaints(): readonly string[] {
    return this.#complaints;
  }
}

/** Reads settings that a function needs, once, while it starts. Throws IncompleteSettings where one is missing or wrong. */
export const readSettings = <Name extends SettingName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Pick<Settings, Name> => {
  const sent: Record<string, string> = {};
  for (const name of names) {
    const value = environment[environmentName(name)];
    if (value !== undefined) sent[name] = value;
  }
  const parsed = Sent.safeParse(sent);
  if (parsed.success && holdsAll(parsed.data, names)) return parsed.data;
  throw new IncompleteSettings(complaintsOf(sent, names));
};

/** The environment of a function by its settings: what `readSettings` reads back. Values may be tokens of a template. */
export const environmentOf = (settings: Partial<Settings>): Readonly<Record<string, string>> => {
  const environment: Record<string, string> = {};
  for (const name of settingNames) {
    const value = settings[name];
    if (value === undefined) continue;
    environment[environmentName(name)] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return environment;
};
