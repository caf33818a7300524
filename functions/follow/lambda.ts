import type { DynamoDBStreamEvent } from 'aws-lambda';
import { duplicatesReader } from '#functions/duplicates/stream.ts';
import { areaReader } from '#functions/outages/stream.ts';
import { erasingParts, erasingSettings } from '#functions/privacy/lambda-parts.ts';
import { erasureReader } from '#functions/privacy/stream.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { waitingReader } from '#functions/readings/stream-changes.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import { supplyReader } from '#functions/usage/stream.ts';
import { placesReader } from '#functions/validation/stream-places.ts';
import { readChanges, refoldingOlder } from '#shared/edge/changes.ts';
import { factOpener } from '#shared/lambda/facts.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { openTables } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { followProfile } from './stream.ts';

const settings = readSettings(['stage', ...erasingSettings]);
const country = numberingCountry(settings);
const runtime = openRuntime('follow', settings.stage);
const tables = openTables(settings);
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
    erasureReader(erasingParts(parts, settings)),
  ];
  return readChanges(
    readers.map((take) => refoldingOlder(take, parts.committer)),
    runtime.logger,
  );
});

export const handler = runtime.handle(async (event: DynamoDBStreamEvent) => (await follow())(event));
