import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { packingBytes, packingOf } from '#functions/imports/rules/packing.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';

const beginningOf = async (path: string): Promise<Uint8Array> => {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(packingBytes), 0, packingBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** How a file is packed that is read: with gzip or not at all, by its beginning, whatever its name. Throws CommandFailure. */
export const readablePacking = async (path: string): Promise<'gzip' | undefined> => {
  const packing = packingOf(await beginningOf(path));
  if (packing === undefined || packing === 'gzip') return packing;
  throw new CommandFailure(
    exitCodes.refused,
    `${path} is packed as ${packing}, which is not read; unpack it, or pack it with gzip`,
  );
};

/** The bytes of a file, unpacked where it is gzip. Errors end the iteration. Throws CommandFailure where it is packed otherwise. */
export const openFile = async (path: string): Promise<Readable> => {
  const packing = await readablePacking(path);
  const file = createReadStream(path);
  return packing === 'gzip' ? pipeline(file, createGunzip(), () => {}) : file;
};
