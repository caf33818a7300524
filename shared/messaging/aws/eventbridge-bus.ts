import { setTimeout as sleepFor } from 'node:timers/promises';
import { type Bus, type BusEvent, NotPublished } from '#shared/messaging/ports.ts';
import { EventBridgeClient, PutEventsCommand } from './eventbridge.ts';

/** Limits of one PutEvents call: entries, and bytes of all together. */
const maxEntries = 10;
const maxBytes = 256 * 1024;

export interface EventBridgeBusOptions {
  readonly busName: string;
  readonly endpoint?: string;
  /** For tests. */
  readonly client?: EventBridgeClient;
  /** Calls for one event, the first included; 6. */
  readonly attempts?: number;
  /** First wait before failed events are sent again, doubled with each call; 100 ms. */
  readonly backoffMs?: number;
}

interface Entry {
  readonly index: number;
  readonly event: BusEvent;
  readonly detail: string;
  readonly bytes: number;
}

const entryOf = (event: BusEvent, index: number): Entry => {
  const detail = JSON.stringify(event.detail);
  return { index, event, detail, bytes: Buffer.byteLength(event.source + event.detailType + detail) + 64 };
};

/** Entries in calls of at most 10 and 256 KB; one that is too large alone goes alone and is refused by the service. */
const callsOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const call = calls.at(-1);
    if (call === undefined || call.length === maxEntries || bytes + entry.bytes > maxBytes) {
      calls.push([entry]);
      bytes = entry.bytes;
    } else {
      call.push(entry);
      bytes += entry.bytes;
    }
  }
  return calls;
};

/** A bus on EventBridge. Of a call that succeeds in part only the failed entries are sent again. */
export const createEventBridgeBus = (options: EventBridgeBusOptions): Bus => {
  const { endpoint, attempts = 6, backoffMs = 100 } = options;
  const client = options.client ?? new EventBridgeClient(endpoint === undefined ? {} : { endpoint });

  const put = async (call: readonly Entry[]): Promise<readonly { readonly entry: Entry; readonly code: string }[]> => {
    const { Entries } = await client.send(
      new PutEventsCommand({
        Entries: call.map(({ event, detail }) => ({
          EventBusName: options.busName,
          Source: event.source,
          DetailType: event.detailType,
          Detail: detail,
        })),
      }),
    );
    return call.flatMap((entry, index) =>
      Entries?.[index]?.EventId === undefined ? [{ entry, code: Entries?.[index]?.ErrorCode ?? 'unknown' }] : [],
    );
  };

  const send = async (call: readonly Entry[]): Promise<NotPublished['failed']> => {
    let left = call;
    for (let attempt = 1; ; attempt += 1) {
      const failed = await put(left);
      if (failed.length === 0) return [];
      if (attempt >= attempts) return failed.map(({ entry, code }) => ({ index: entry.index, code }));
      await sleepFor(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
      left = failed.map(({ entry }) => entry);
    }
  };

  return {
    publish: async (events) => {
      const failed: { readonly index: number; readonly code: string }[] = [];
      for (const call of callsOf(events.map(entryOf))) failed.push(...(await send(call)));
      if (failed.length > 0) throw new NotPublished(failed);
    },
  };
};
