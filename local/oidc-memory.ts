import type { Adapter, AdapterPayload } from 'oidc-provider';
import { systemClock } from '#shared/runtime/clock.ts';

interface Held {
  readonly payload: AdapterPayload;
  /** Milliseconds. */
  readonly expiresAt: number;
}

const most = 5000;

/** Sessions, codes and interactions of the sign-in, in memory: a restart signs everybody out, tokens stay good. */
export class SignInMemory implements Adapter {
  static readonly #held = new Map<string, Held>();
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const held = SignInMemory.#held;
    const now = systemClock.now();
    if (held.size >= most) for (const [key, { expiresAt }] of held) if (expiresAt < now) held.delete(key);
    held.set(this.#key(id), { payload, expiresAt: now + (expiresIn ?? 3600) * 1000 });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const held = SignInMemory.#held.get(this.#key(id));
    return held === undefined || held.expiresAt < systemClock.now() ? undefined : held.payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#first((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#first((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const held = SignInMemory.#held.get(this.#key(id));
    if (held !== undefined) held.payload.consumed = Math.floor(systemClock.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    SignInMemory.#held.delete(this.#key(id));
  }

  /** What was issued of this kind by a grant; who signs in anew meanwhile goes on. */
  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of SignInMemory.#held) {
      if (key.startsWith(`${this.#model}:`) && payload.grantId === grantId) SignInMemory.#held.delete(key);
    }
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  #first(fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const now = systemClock.now();
    for (const [key, { payload, expiresAt }] of SignInMemory.#held) {
      if (key.startsWith(`${this.#model}:`) && expiresAt >= now && fits(payload)) return payload;
    }
    return undefined;
  }
}
