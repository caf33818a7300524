import { type FactStore, openFactStore } from '#shared/facts/fact-store.ts';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';
import { createKmsMasterKey } from '#shared/messaging/aws/kms-master-key.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { Runtime } from './invocation.ts';
import { numberingCountry } from './numbering-country.ts';
import { type Tables, tableSettings } from './tables.ts';

/** Settings of a function that keeps facts. */
export const factSettings = [...tableSettings, 'masterKey', 'installationKey', 'zone', 'country', 'payments'] as const;
export type FactSettings = Pick<Settings, (typeof factSettings)[number]>;

type FactRuntime = Pick<Runtime, 'clock' | 'metrics'> & {
  /** Told of the store as soon as it is open. */
  readonly onOpened?: (store: FactStore) => void;
};

/** How what keeps facts is made at the first invocation: keys of the installation are asked of KMS. */
export const factOpener = (
  { clock, metrics, onOpened }: FactRuntime,
  tables: Tables,
  settings: FactSettings,
): (() => Promise<FactStore>) => {
  const country = numberingCountry(settings);
  const load = createKmsInstallationKeys({ keyId: settings.installationKey });
  const master = createKmsMasterKey({ keyId: settings.masterKey });
  const { profile, keys } = tables;
  return async () => {
    const key = await load(['content']);
    const { zone, payments } = settings;
    const store = openFactStore({
      profile,
      keys,
      master,
      clock,
      metrics,
      zone,
      country,
      payments,
      contentKey: key('content'),
    });
    onOpened?.(store);
    return store;
  };
};
