/** The interfaces of messaging; each has a local body and an AWS body beside it, and no other importer of a client. */

/** One event on a bus, in EventBridge's terms. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  /** Set by the bus. */
  readonly time?: string;
}

export interface Bus {
  /** Publishes at most 10 at once inside; resolves when all are accepted, throws NotPublished naming those that were not. */
  publish(events: readonly BusEvent[]): Promise<void>;
}

/** Events that were not accepted, by their index in what was published, with the service's code. */
export class NotPublished extends Error {
  readonly failed: readonly { readonly index: number; readonly code: string }[];
  constructor(failed: NotPublished['failed']) {
    super(`the bus did not accept event ${failed.map(({ index, code }) => `${index} (${code})`).join(', ')}`);
    this.name = 'NotPublished';
    this.failed = failed;
  }
}

export interface TelemetryStream {
  /** Durable when it resolves. */
  append(partitionKey: string, data: Uint8Array): Promise<void>;
}

/** Objects by name: archive, audit checkpoints (with lock), failure destination. */
export interface Objects {
  /** Throws where the name is taken and `ifAbsent` is set. */
  put(
    name: string,
    bytes: Uint8Array,
    options?: { readonly ifAbsent?: boolean; readonly retainUntil?: string },
  ): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  list(prefix: string): Promise<readonly string[]>;
  /**
   * Takes an object out with all its earlier versions; nothing happens where there is none. Throws DomainError('conflict',
   * 'object.retained') before the date it is retained until.
   */
  remove(name: string): Promise<void>;
}

/** A customer who was erased, and since when (RFC 3339, UTC). */
export interface Erasure {
  readonly customer: string;
  readonly erasedAt: string;
}

/**
 * Who was erased, kept where no recovery of the tables reaches: what was restored is held against it before anybody is shown
 * anything. Holds ids and instants alone.
 */
export interface ErasureRegister {
  /** Durable when it resolves. Whoever is in it stays as they were first written down; answers how that is. */
  add(entry: Erasure): Promise<Erasure>;
  /** All of them, in the order of their ids. */
  list(): Promise<readonly Erasure[]>;
}

/** Files of any length that callers hand in, by name; each is put once, to an address given for it, and read as a stream. */
export interface Uploads {
  /**
   * Where a file may be put (HTTP PUT, with these headers) until a moment; another size or other content is refused.
   * @param sha256 hex
   */
  address(name: string, file: { readonly bytes: number; readonly sha256: string }): Promise<UploadAddress>;
  /** Whether the file is there whole. */
  has(name: string): Promise<boolean>;
  /** The bytes from the beginning. Throws where there is no such file. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Takes a file out with all its earlier versions; nothing happens where there is none. */
  remove(name: string): Promise<void>;
}

export interface UploadAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** CSR in, certificate out; the private key never leaves the device. */
export interface DeviceRegistry {
  /** Registers the thing if it is new and signs its CSR. Throws DomainError('invalid', 'csr.invalid'). */
  issue(thing: string, csrPem: string): Promise<IssuedCertificate>;
  /** Whether the certificate is active and attached to the thing. */
  isActive(thing: string, fingerprint: string): Promise<boolean>;
  /** Active certificates attached to the thing, in no order; none where there is no such thing. */
  certificatesOf(thing: string): Promise<readonly ActiveCertificate[]>;
  /** Deactivates and detaches; does nothing where the certificate is not, or no more, the thing's. */
  revoke(thing: string, fingerprint: string): Promise<void>;
}

/** `issuedAt`: RFC 3339, UTC. */
export interface ActiveCertificate {
  readonly fingerprint: string;
  readonly issuedAt: string;
}

export interface IssuedCertificate {
  readonly certificatePem: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  /** Where the device connects, and whom it trusts. */
  readonly endpoint: string;
  readonly port: number;
  readonly caPem: string;
}

/** The master key: wraps and unwraps data keys (KMS, or a key file in the data folder). */
export interface MasterKey {
  wrap(dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  /** Throws where the wrapped key is of another context or was altered. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

/** What a key of the installation is for: hashes of what facts say, and cursors of lists. */
export type InstallationKeyUse = 'content' | 'cursor';

/** Keys of the installation by use, 32 bytes each; the same for as long as the installation lives, and known to nobody else. */
export type InstallationKeys = (use: InstallationKeyUse) => Uint8Array;

/** A log on this machine that can be read from a position: the change feed of a table, or a stream. Positions sort as text. */
export interface LocalLog<Entry> {
  readonly name: string;
  readonly shards: number;
  read(
    shard: number,
    after: string | undefined,
    limit: number,
  ): Promise<readonly { readonly position: string; readonly entry: Entry }[]>;
  /** Calls back after each append; returns the way to stop that. */
  onAppend(listener: () => void): () => void;
}

/** Where each consumer of each log stands; durable. */
export interface Positions {
  get(consumer: string, shard: number): Promise<string | undefined>;
  set(consumer: string, shard: number, position: string): Promise<void>;
}

/** Work that its taker gave up: failed batches of a stream's reader, dead letters of a queue or of a bus. */
export interface SetAside {
  /** How much waits to be handed in again; of a queue about so much. */
  count(): Promise<number>;
  /**
   * Hands it in again, each piece once: what is taken goes, what fails again stays. Stops where time is over, and says where to go
   * on; without `next` all was tried.
   * @param from `next` of the call before
   */
  redrive(
    from?: string,
    isOver?: () => boolean,
  ): Promise<{ readonly tried: number; readonly placed: number; readonly next?: string }>;
}

/** Where readers of streams, feeds and buses leave what they gave up. */
export interface GivenUp {
  /**
   * Takes out what tells something: of a batch the records that do, else the whole object, with earlier versions. Bytes that are no
   * JSON are told as they are. Answers of how many objects something went.
   */
  forget(tells: (value: unknown) => boolean): Promise<number>;
}

/** Deployed functions, called and waited for. */
export interface Functions {
  /**
   * @param name name or ARN, with or without an alias
   * @param payload JSON
   * @returns what the function answered; `failed` names the error it ended with
   */
  call(name: string, payload: string): Promise<{ readonly answer: unknown } | { readonly failed: string }>;
}

/** How the bytes under a name are kept, and read again. */
export interface Sealing {
  seal(name: string, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  open(name: string, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}
