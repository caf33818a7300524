import type { RegisterRead } from '#functions/readings/contract/register-read.ts';
import { allRegisterReads, type DialRead } from '#functions/readings/store/register-reads.ts';
import { registerReadKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';

const seriesKey = (meter: string, register: string): string => `${meter}\n${register}`;

/** What is known of the dial of a register. */
export interface KnownReads {
  /** The read of an instant that counts; undefined where there is none. */
  readonly at: (instant: number) => DialRead | undefined;
}

/** Sort key that a read is stored under. */
export const keyOfRead = ({ meter, register, at, revision }: RegisterRead): string =>
  registerReadKey(meter, register, at, revision).sk;

/** Register reads that are stored, and those that were sent and are not stored yet. */
export class UnsettledReads {
  readonly #readings: Table;
  readonly #sent = new Map<string, Map<string, RegisterRead>>();
  #size = 0;

  constructor(readings: Table) {
    this.#readings = readings;
  }

  /** Reads that were sent and not seen in the table. */
  get size(): number {
    return this.#size;
  }

  /** Puts down a read that is sent. */
  add(sk: string, read: RegisterRead): void {
    const key = seriesKey(read.meter, read.register);
    const sent = this.#sent.get(key) ?? new Map<string, RegisterRead>();
    this.#sent.set(key, sent);
    if (!sent.has(sk)) this.#size += 1;
    sent.set(sk, read);
  }

  /** What is known of a register over [from, to), Unix seconds. */
  async of(meter: string, register: string, from: number, to: number): Promise<KnownReads> {
    const sent = this.#sent.get(seriesKey(meter, register))?.values() ?? [];
    const known = new Map<number, DialRead>();
    for (const read of [...(await allRegisterReads(this.#readings, meter, register, from, to)), ...sent])
      if ((known.get(read.at)?.revision ?? -1) < read.revision) known.set(read.at, read);
    return { at: (instant) => known.get(instant) };
  }

  /** Looks which of what was sent is stored by now; answers how much is not. */
  async settle(): Promise<number> {
    for (const [key, sent] of this.#sent) {
      const [meter = '', register = ''] = key.split('\n');
      let [from, to] = [Number.POSITIVE_INFINITY, 0];
      for (const { at } of sent.values()) [from, to] = [Math.min(from, at), Math.max(to, at + 1)];
      for (const { at, revision } of await allRegisterReads(this.#readings, meter, register, from, to))
        if (sent.delete(registerReadKey(meter, register, at, revision).sk)) this.#size -= 1;
      if (sent.size === 0) this.#sent.delete(key);
    }
    return this.#size;
  }
}
