import * as z from 'zod';

/**
 * What lies in the failures bucket. Lambda keeps a batch that a reader of a stream gave up under
 * `aws/lambda/<mapping>/<shard>/yyyy/mm/dd/yyyy-mm-ddThh.mm.ss-<uuid>`: its record of the invocation, and in `payload` the whole
 * event (Lambda Developer Guide, "Retain discarded batch records"). The error action of an IoT rule keeps a message it could not
 * pass on under `iot/<rule>/…` (IoT Core Developer Guide, "Error handling").
 */
export const batchFolder = 'aws/lambda/';
export const ruleFolder = 'iot/';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const FailedInvocation = z.object({
  requestContext: z.object({ functionArn: z.string().min(1), condition: z.string().optional() }),
  // The event stands there as text; as an object it is the same.
  payload: z.union([
    z.string().refine(isJson, 'is no JSON'),
    z.record(z.string(), z.unknown()).transform((event) => JSON.stringify(event)),
  ]),
});

/** A batch that was given up: whose it was, and its event as JSON. */
export interface GivenUpBatch {
  /** ARN of the function, with its version or alias. */
  readonly functionArn: string;
  readonly event: string;
}

const jsonOf = (bytes: Uint8Array): unknown => {
  const text = Buffer.from(bytes).toString('utf8');
  return isJson(text) ? JSON.parse(text) : undefined;
};

/** Reads Lambda's record of a batch; undefined where the object is none. */
export const readGivenUpBatch = (bytes: Uint8Array): GivenUpBatch | undefined => {
  const record = FailedInvocation.safeParse(jsonOf(bytes));
  return record.success
    ? { functionArn: record.data.requestContext.functionArn, event: record.data.payload }
    : undefined;
};

const Batch = z.looseObject({ payload: z.unknown() });
const BatchEvent = z.looseObject({ Records: z.array(z.unknown()) });

/** A record as a stream hands it over, with the data of Kinesis as bytes. */
const readable = (record: unknown): unknown => {
  const kinesis = z.looseObject({ kinesis: z.looseObject({ data: z.base64() }) }).safeParse(record);
  return kinesis.success ? { ...kinesis.data, data: Buffer.from(kinesis.data.kinesis.data, 'base64') } : record;
};

/**
 * Lambda's record of a batch without the records of it that are told apart; undefined where there are none, `nothing` where no other
 * is left.
 */
export const withoutRecords = (
  bytes: Uint8Array,
  isOut: (record: unknown) => boolean,
): Uint8Array | 'nothing' | undefined => {
  const batch = Batch.parse(jsonOf(bytes));
  const isText = typeof batch.payload === 'string';
  const event = BatchEvent.parse(typeof batch.payload === 'string' ? JSON.parse(batch.payload) : batch.payload);
  const records = event.Records.filter((record) => !isOut(readable(record)));
  if (records.length === event.Records.length) return undefined;
  if (records.length === 0) return 'nothing';
  const left = { ...event, Records: records };
  return Buffer.from(JSON.stringify({ ...batch, payload: isText ? JSON.stringify(left) : left }));
};

const RuleError = z.object({ clientId: z.string().min(1), base64OriginalPayload: z.base64() });

/** A message of a device that its rule could not pass on. */
export interface StrandedMessage {
  readonly clientId: string;
  readonly payload: Uint8Array;
}

/** Reads what the error action of a rule kept; undefined where the object is none. */
export const readStrandedMessage = (bytes: Uint8Array): StrandedMessage | undefined => {
  const error = RuleError.safeParse(jsonOf(bytes));
  return error.success
    ? { clientId: error.data.clientId, payload: Buffer.from(error.data.base64OriginalPayload, 'base64') }
    : undefined;
};

/** Name of a function from its ARN. */
export const functionNameOf = (arn: string): string => arn.split(':')[6] ?? '';
