/** Whose word a record of the telemetry stream is. */
export interface StreamSender {
  /** The thing that is spoken of. */
  readonly thing: string;
  /** The head end, by a file of its; else the meter itself. */
  readonly headEnd: boolean;
}

/** No client id of a device begins so: names of things hold no `/`. */
const headEndPrefix = 'head-end/';

/** The partition key of what the head end says of a meter. Of what a meter says itself the key is its client id. */
export const headEndKey = (meter: string): string => `${headEndPrefix}${meter}`;

/** Who sent a record, by its partition key: the rule of the broker sets it for meters, and the worker of imports for files. */
export const senderOfKey = (partitionKey: string): StreamSender =>
  partitionKey.startsWith(headEndPrefix)
    ? { thing: partitionKey.slice(headEndPrefix.length), headEnd: true }
    : { thing: partitionKey, headEnd: false };
