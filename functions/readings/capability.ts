import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { defineHandler, defineReader } from '#functions/capability.ts';
import { Ingest } from './ingest.ts';
import { readingsStream } from './stream.ts';
import { conflictReader, waitingReader } from './stream-changes.ts';

/** Messages of meters become readings, and events of meters facts. */
export const take = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'laterFacts'],
  handle: (parts): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
    readingsStream(new Ingest(parts)),
});

/** What another content replaced is kept aside. */
export const overwritten = /* @__PURE__ */ defineReader({
  name: 'overwritten',
  feed: 'readings',
  needs: ['tables', 'facts'],
  take: conflictReader,
  batchSize: 2000,
});

/** Blocks that waited for their meter are taken in. */
export const waiting = /* @__PURE__ */ defineReader({
  name: 'waiting-blocks',
  feed: 'profile',
  needs: ['tables', 'facts'],
  take: (parts) => waitingReader({ ...parts, ingest: new Ingest(parts) }),
});
