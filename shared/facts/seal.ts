import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MasterKey } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { dataKeyKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, mayPass, type Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** A value as JSON has it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * Seals personal values under the key of the person they speak of. Erasing the key erases every copy of them.
 * Sealed bytes: 1 version, 12 nonce, cipher text of the JSON, 16 tag (AES-256-GCM; owner, NUL, context are authenticated too).
 */
export interface Sealer {
  /** Makes the owner's key where there is none. Throws DomainError('conflict', 'owner.erased'). */
  seal(owner: string, context: string, value: JsonValue): Promise<Uint8Array>;
  /** `erased` where the owner's key is gone. Throws where the bytes were altered or belong to another owner or context. */
  open(owner: string, context: string, sealed: Uint8Array): Promise<{ readonly value: JsonValue } | 'erased'>;
  /** Reads or makes the owner's key, so that seals and opens within the next minutes read no table. */
  warm(owner: string): Promise<void>;
  /**
   * A keyed hash of a text under the owner's key (HMAC-SHA-256, 22 characters of base64url): equal texts have equal ones, and who
   * lacks the key learns nothing. Undefined where there is no key (`warm` makes one), or where it was erased.
   */
  mac(owner: string, text: string): Promise<string | undefined>;
  /** Destroys the owner's key for good: nothing sealed opens again, and no new key is made. */
  erase(owner: string): Promise<void>;
  /** Whose key seals what waits in quarantine: one key a month. */
  quarantineOwner(now: number): string;
}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const mostCached = 20_000;
/** Of 256 bits the first 132: no two texts of a utility meet by chance. */
const macCharacters = 22;

const authenticated = (owner: string, context: string): Buffer => Buffer.from(`${owner}\u0000${context}`, 'utf8');

const encrypt = (key: Uint8Array, owner: string, context: string, value: JsonValue): Uint8Array => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(authenticated(owner, context));
  const text = cipher.update(JSON.stringify(value), 'utf8');
  cipher.final();
  return new Uint8Array(Buffer.concat([Buffer.from([version]), nonce, text, cipher.getAuthTag()]));
};

const decrypt = (key: Uint8Array, owner: string, context: string, sealed: Uint8Array): JsonValue => {
  if (sealed[0] !== version || sealed.byteLength < 1 + nonceBytes + tagBytes)
    throw new TypeError('not a sealed value of a known version');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes));
  decipher.setAAD(authenticated(owner, context));
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - tagBytes));
  const text = decipher.update(sealed.subarray(1 + nonceBytes, sealed.byteLength - tagBytes));
  decipher.final();
  return JSON.parse(text.toString('utf8'));
};

type OwnerKey = Uint8Array | 'erased';

/** Least recently used keys go first; a key is kept for a set time. */
class KeyCache {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #kept = new Map<string, { readonly key: OwnerKey; readonly until: number }>();

  constructor(clock: Clock, seconds: number) {
    this.#clock = clock;
    this.#milliseconds = seconds * 1000;
  }

  get(owner: string): OwnerKey | undefined {
    const kept = this.#kept.get(owner);
    if (kept === undefined) return undefined;
    this.#kept.delete(owner);
    if (kept.until <= this.#clock.now()) return undefined;
    this.#kept.set(owner, kept);
    return kept.key;
  }

  set(owner: string, key: OwnerKey): void {
    this.#kept.delete(owner);
    this.#kept.set(owner, { key, until: this.#clock.now() + this.#milliseconds });
    if (this.#kept.size <= mostCached) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}

/** How often a key is looked for again before the failure is told. */
const mostTries = 6;

/** Data keys in the keys table, wrapped by the master key, in clear only in memory. */
class DataKeys {
  readonly #keys: Table;
  readonly #master: MasterKey;
  readonly #clock: Clock;
  readonly #cache: KeyCache;
  readonly #loading = new Map<string, Promise<OwnerKey | undefined>>();

  constructor(keys: Table, master: MasterKey, clock: Clock, cacheSeconds: number) {
    this.#keys = keys;
    this.#master = master;
    this.#clock = clock;
    this.#cache = new KeyCache(clock, cacheSeconds);
  }

  cached(owner: string): OwnerKey | undefined {
    return this.#cache.get(owner);
  }

  /** The owner's key as the table has it; undefined where there never was one. Asked for twice at once, read once. */
  load(owner: string): Promise<OwnerKey | undefined> {
    const cached = this.#cache.get(owner);
    if (cached !== undefined) return Promise.resolve(cached);
    const loading = this.#loading.get(owner) ?? this.#read(owner).finally(() => this.#loading.delete(owner));
    this.#loading.set(owner, loading);
    return loading;
  }

  async #read(owner: string): Promise<OwnerKey | undefined> {
    const item = await this.#keys.get(dataKeyKey(owner), { consistent: true });
    if (item === undefined) return undefined;
    const key = await this.#unwrap(owner, item);
    // Erased while it was read: erasure stands.
    if (this.#cache.get(owner) === 'erased') return 'erased';
    this.#cache.set(owner, key);
    return key;
  }

  async #unwrap(owner: string, item: Item): Promise<OwnerKey> {
    if (typeof item.erasedAt === 'string') return 'erased';
    if (!(item.wrapped instanceof Uint8Array)) throw new TypeError('a data key item holds no wrapped key');
    return this.#master.unwrap(item.wrapped, owner);
  }

  /** Makes a key where there is none. Where others make it at once, or nobody answers, it is looked for again. */
  async loadOrMake(owner: string, tried = 0): Promise<OwnerKey> {
    const held = await this.load(owner);
    if (held !== undefined) return held;
    const key = new Uint8Array(randomBytes(keyBytes));
    const wrapped = await this.#master.wrap(key, owner);
    const item = { ...dataKeyKey(owner), wrapped, createdAt: new Date(this.#clock.now()).toISOString() };
    try {
      await this.#keys.commit([{ put: item, when: { kind: 'absent' } }]);
    } catch (error) {
      // Another maker was first, or the owner was erased in between, or the key was made though nobody said so.
      const again = error instanceof ConditionFailed || mayPass(error);
      if (!again || tried >= mostTries) throw error;
      await sleep(Math.random() * Math.min(200, 10 * 2 ** tried));
      return this.loadOrMake(owner, tried + 1);
    }
    if (this.#cache.get(owner) === 'erased') return 'erased';
    this.#cache.set(owner, key);
    return key;
  }

  async erase(owner: string): Promise<void> {
    const key = dataKeyKey(owner);
    const item = await this.#keys.get(key, { consistent: true });
    if (typeof item?.erasedAt !== 'string')
      await this.#keys.commit([{ put: { ...key, erasedAt: new Date(this.#clock.now()).toISOString() } }]);
    this.#cache.set(owner, 'erased');
  }
}

const erasedOwner = (): DomainError =>
  new DomainError('conflict', 'owner.erased', 'the person this speaks of was erased; nothing new can be kept for them');

/** Sealing over the keys table and a master key. Keys are held in memory for `cacheSeconds`, at most 20,000 of them. */
export const createSealer = (parts: {
  readonly keys: Table;
  readonly master: MasterKey;
  readonly clock: Clock;
  readonly cacheSeconds?: number;
}): Sealer => {
  const dataKeys = new DataKeys(parts.keys, parts.master, parts.clock, parts.cacheSeconds ?? 300);
  return {
    async seal(owner, context, value) {
      const key = dataKeys.cached(owner) ?? (await dataKeys.loadOrMake(owner));
      if (key === 'erased') throw erasedOwner();
      return encrypt(key, owner, context, value);
    },
    async open(owner, context, sealed) {
      const key = dataKeys.cached(owner) ?? (await dataKeys.load(owner));
      if (key === undefined || key === 'erased') return 'erased';
      return { value: decrypt(key, owner, context, sealed) };
    },
    async warm(owner) {
      if (dataKeys.cached(owner) === undefined) await dataKeys.loadOrMake(owner);
    },
    async mac(owner, text) {
      const key = dataKeys.cached(owner) ?? (await dataKeys.load(owner));
      if (key === undefined || key === 'erased') return undefined;
      return createHmac('sha256', key).update(text).digest('base64url').slice(0, macCharacters);
    },
    erase: (owner) => dataKeys.erase(owner),
    quarantineOwner: (now) => `quarantine-${new Date(now).toISOString().slice(0, 7)}`,
  };
};
