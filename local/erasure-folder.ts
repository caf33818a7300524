import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import * as z from 'zod';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import { createLocalObjects } from '#shared/messaging/local/local-objects.ts';
import type { ErasureRegister, Objects } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** Where the register of who was erased lies, unless told otherwise: beside the data folder, whose copy is its backup. */
export const erasureFolderOf = (dataFolder: string): string => `${resolve(dataFolder)}.erased`;

/** Tells one register from another; the store of the data folder notes which is its own. */
const markName = 'register.json';
const noteName = 'erasure-register';
const Mark = z.strictObject({ register: z.uuid() });

const refuse = (code: string, message: string, cause?: unknown): never => {
  throw new DomainError('unavailable', code, message, { cause });
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();

const readMark = async (objects: Objects): Promise<string | undefined> => {
  const bytes = await objects.get(markName);
  return bytes === undefined ? undefined : Mark.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).register;
};

/** The mark of a register, made where there is no register yet. */
const markOf = async (objects: Objects, mayMake: boolean): Promise<string | undefined> => {
  const known = await readMark(objects);
  if (known !== undefined || !mayMake) return known;
  const register = randomUUID();
  await objects.put(markName, Buffer.from(JSON.stringify({ register })), { ifAbsent: true });
  return register;
};

/**
 * Opens the register that belongs to a data folder, and makes it at the first start. Throws DomainError('unavailable'):
 * `erasures.lost` (the folder has one, and it is not here: whoever was erased could come back with a copy of the folder),
 * `erasures.other` (what is here is another's), `erasures.unusable` (it cannot be read or written).
 * @param isLost whether the folder's own is lost for good: then what is here, or begins here, is its register from now on
 */
export const openErasureFolder = async (
  place: string,
  store: Pick<LevelStore, 'positions'>,
  clock: Clock,
  isLost = false,
): Promise<ErasureRegister> => {
  const objects = createLocalObjects(place, clock);
  const register = createErasureRegister(objects);
  const noted = await store.positions.get(noteName, 0);
  let mark: string | undefined;
  try {
    mark = await markOf(objects, noted === undefined || isLost);
    await register.list();
  } catch (error) {
    return refuse(
      'erasures.unusable',
      `the register of who was erased, ${place}, cannot be used: ${reasonOf(error)}`,
      error,
    );
  }
  if (mark === undefined)
    return refuse(
      'erasures.lost',
      `the register of who was erased is not at ${place}, and without it they could come back`,
    );
  if (noted === undefined || isLost) await store.positions.set(noteName, 0, mark);
  else if (noted !== mark)
    return refuse('erasures.other', `the register of who was erased at ${place} is that of another data folder`);
  return register;
};
