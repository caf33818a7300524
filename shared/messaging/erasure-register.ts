import * as z from 'zod';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Erasure, ErasureRegister, Objects } from './ports.ts';

/** Folder of the register among the objects it is kept with. */
const folder = 'erasures/';
const nameOf = (customer: string): string => `${folder}${customer}.json`;

const Entry = z.strictObject({ customer: z.string().min(1), erasedAt: z.iso.datetime({ precision: 3 }) });

/** Entries that are read at once. */
const readTogether = 16;

const parse = (name: string, bytes: Uint8Array | undefined): Erasure => {
  try {
    const entry = Entry.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8')));
    if (nameOf(entry.customer) === name) return entry;
  } catch (cause) {
    throw new Error(`${name} in the register of who was erased is damaged`, { cause });
  }
  throw new Error(`${name} in the register of who was erased names another customer`);
};

/**
 * A register in objects, one for each customer: on one machine in a folder beside the data folder, on AWS in a bucket that locks what
 * is put and is in no recovery.
 */
export const createErasureRegister = (objects: Objects): ErasureRegister => ({
  async add(entry) {
    const [name, own] = [nameOf(entry.customer), Entry.parse({ customer: entry.customer, erasedAt: entry.erasedAt })];
    try {
      await objects.put(name, Buffer.from(JSON.stringify(own)), { ifAbsent: true });
      return own;
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'object.taken')) throw error;
      return parse(name, await objects.get(name));
    }
  },
  async list() {
    const names = await objects.list(folder);
    const entries: Erasure[] = [];
    for (let from = 0; from < names.length; from += readTogether) {
      const some = names.slice(from, from + readTogether);
      entries.push(...(await Promise.all(some.map(async (name) => parse(name, await objects.get(name))))));
    }
    return entries;
  },
});
