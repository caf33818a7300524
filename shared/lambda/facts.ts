import { type FactStore, openFactStore } from '#shared/facts/fact-store.ts';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';
import { createKmsMasterKey } from '#shared/messaging/aws/kms-master-key.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { Runtime } from './invocation.ts';
import { numberingCountry } from './numbering-country.ts';
import { openTables, tableSettings } from './tables.ts';

/** Settings of a function that keeps facts. */
export const factSettings = [...tableSettings, 'masterKey', 'installationKey', 'zone', 'country', 'payments'] as const;
export type FactSettings = Pick<Settings, (typeof factSettings)[number]>;

/** How what keeps facts is made at the first invocation: keys of the installation are asked of KMS. */
export const factOpener = (
  { clock, metrics }: Pick<Runtime, 'clock' | 'metrics'>,
  settings: FactSettings,
): (() => Promise<FactStore>) => {
  const { zone, payments } = settings;
  const country = numberingCountry(settings);
  const load = createKmsInstallationKeys({ keyId: settings.installationKey });
  const master = createKmsMasterKey({ keyId: settings.masterKey });
  const { profile, keys } = openTables(settings);
  return async () => {
    const contentKey = (await load(['content']))('content');
    return openFactStore({ profile, keys, master, clock, metrics, zone, country, payments, contentKey });
  };
};
