import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Whether a file is gzip: by its first two bytes (RFC 1952), whatever its name. */
const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

/** The bytes of a file, unpacked where it is gzip. Errors end the iteration. */
export const openFile = async (path: string): Promise<Readable> => {
  const packed = await isGzip(path);
  const file = createReadStream(path);
  return packed ? pipeline(file, createGunzip(), () => {}) : file;
};
