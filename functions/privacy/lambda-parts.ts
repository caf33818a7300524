import { forgetImportsOf } from '#functions/imports/forget-imports.ts';
import type { FactStore } from '#shared/facts/fact-store.ts';
import { factSettings } from '#shared/lambda/facts.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { createS3Objects } from '#shared/messaging/aws/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/aws/s3-uploads.ts';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { localToday } from '#shared/runtime/today.ts';
import type { Table } from '#shared/table/table.ts';
import type { EraseParts } from './erase-customer.ts';

/** Settings of a function that erases people. */
export const erasingSettings = ['checkpointsBucket', 'failuresBucket', 'importsBucket', ...factSettings] as const;

/** What erases people on AWS: the register in the bucket of the checkpoints, and what lies outside the tables of them. */
export const erasingParts = (
  parts: FactStore & { readonly profile: Table; readonly audit: Table; readonly clock: Clock },
  settings: Pick<Settings, (typeof erasingSettings)[number]>,
): EraseParts => {
  const { profile, sealer, clock } = parts;
  const imports = { bucket: settings.importsBucket };
  const files = { profile, sealer, clock, objects: createS3Objects(imports), uploads: createS3Uploads(imports) };
  return {
    ...parts,
    country: numberingCountry(settings),
    register: createErasureRegister(createS3Objects({ bucket: settings.checkpointsBucket })),
    now: () => clock.now(),
    today: localToday(clock, settings.zone),
    givenUp: createGivenUp(createS3Objects({ bucket: settings.failuresBucket })),
    forgetImports: (...asked) => forgetImportsOf(files, ...asked),
  };
};
