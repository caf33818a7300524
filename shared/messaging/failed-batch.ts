/** What a failure destination keeps of records that were given up: the whole records, as Lambda's S3 destination does. */
export interface FailedBatch {
  readonly consumer: string;
  readonly log: string;
  readonly shard: number;
  readonly reason: 'retries' | 'age';
  readonly attempts: number;
  readonly error: { readonly name: string; readonly message: string };
  readonly failedAt: string;
  readonly records: readonly { readonly position: string; readonly entry: unknown }[];
}

const bytesMark = '$base64';

// Buffers have a toJSON, so bytes are marked before JSON sees them.
const marked = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return { [bytesMark]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
};

const unmark = (_name: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !(bytesMark in value)) return value;
  const text = value[bytesMark];
  return typeof text === 'string' && Object.keys(value).length === 1
    ? new Uint8Array(Buffer.from(text, 'base64'))
    : value;
};

/** Where the batch is kept: `failures/<consumer>/<shard>-<first position>.json`. The same batch given up twice is one object. */
export const failedBatchName = (batch: Pick<FailedBatch, 'consumer' | 'shard' | 'records'>): string =>
  `failures/${batch.consumer}/${String(batch.shard).padStart(3, '0')}-${batch.records[0]?.position ?? ''}.json`;

export const encodeFailedBatch = (batch: FailedBatch): Uint8Array => Buffer.from(JSON.stringify(marked(batch)));

/** Reads what `encodeFailedBatch` wrote, for a redrive. */
export const decodeFailedBatch = (bytes: Uint8Array): FailedBatch =>
  JSON.parse(Buffer.from(bytes).toString('utf8'), unmark);
