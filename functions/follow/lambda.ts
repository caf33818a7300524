import type { DynamoDBStreamEvent } from 'aws-lambda';
import { duplicatesReader } from '#functions/duplicates/stream.ts';
import { forgetImportsOf } from '#functions/imports/forget-imports.ts';
import { areaReader } from '#functions/outages/stream.ts';
import { erasureReader } from '#functions/privacy/stream.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { waitingReader } from '#functions/readings/stream-changes.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import { supplyReader } from '#functions/usage/stream.ts';
import { placesReader } from '#functions/validation/stream-places.ts';
import { readChanges, refoldingOlder } from '#shared/edge/changes.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { createS3Objects } from '#shared/messaging/s3-objects.ts';
import { createS3Uploads } from '#shared/messaging/s3-uploads.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { localToday } from '#shared/runtime/today.ts';
import { followProfile } from './stream.ts';

const settings = readSettings(['stage', 'checkpointsBucket', 'failuresBucket', 'importsBucket', ...factSettings]);
const country = numberingCountry(settings);
const runtime = openRuntime('follow', settings.stage);
const tables = openTables(settings);
const imports = { bucket: settings.importsBucket };
const register = createErasureRegister(createS3Objects({ bucket: settings.checkpointsBucket }));
const facts = factOpener(runtime, tables, settings);

/** All that follows the profile table besides the relay: a table's stream has at most two readers. */
const follow = once(async () => {
  const parts = { ...runtime, ...tables, ...(await facts()) };
  const readers = [
    followProfile({ ...parts, country }),
    supplyReader(new UsageRecompute(parts)),
    waitingReader({ ...parts, ingest: new Ingest(parts) }),
    duplicatesReader({ ...parts, now: () => parts.clock.now() }),
    areaReader(parts),
    placesReader(parts),
    erasureReader({
      ...parts,
      country,
      register,
      now: () => parts.clock.now(),
      today: localToday(parts.clock, settings.zone),
      givenUp: createS3Objects({ bucket: settings.failuresBucket }),
      forgetImports: (...asked) =>
        forgetImportsOf({ ...parts, objects: createS3Objects(imports), uploads: createS3Uploads(imports) }, ...asked),
    }),
  ];
  return readChanges(
    readers.map((take) => refoldingOlder(take, parts.committer)),
    runtime.logger,
  );
});

export const handler = runtime.handle(async (event: DynamoDBStreamEvent) => (await follow())(event));
