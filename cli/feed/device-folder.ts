import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** What a meter got when it was registered, and needs to connect. */
export const Enrolment = z.object({
  id: z.string(),
  thing: z.string(),
  certificatePem: z.string(),
  caPem: z.string(),
  endpoint: z.string(),
  port: z.int(),
  notAfter: z.string(),
  topics: z.object({ usage: z.string() }),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** Where the meters of a file keep their keys and certificates between runs: a folder each, readable by its owner alone. */
export interface DeviceFolder {
  /** The meter's private key; made at the first call. */
  key(meter: string, make: () => string): Promise<string>;
  enrolment(meter: string): Promise<Enrolment | undefined>;
  keep(meter: string, enrolment: Enrolment): Promise<void>;
}

const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const writeWhole = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await chmod(draft, 0o600);
  await rename(draft, path);
};

export const openDeviceFolder = (data: string): DeviceFolder => {
  // Names of meters may hold anything; the hash is a safe name.
  const place = async (meter: string): Promise<string> => {
    const folder = join(data, 'feed', createHash('sha256').update(meter).digest('hex').slice(0, 32));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  return {
    key: async (meter, make) => {
      const path = join(await place(meter), 'key.pem');
      const held = await readIfPresent(path);
      if (held !== undefined) return held;
      const made = make();
      await writeWhole(path, made);
      return made;
    },
    enrolment: async (meter) => {
      const text = await readIfPresent(join(await place(meter), 'enrolment.json'));
      return text === undefined ? undefined : Enrolment.parse(JSON.parse(text));
    },
    keep: async (meter, enrolment) => writeWhole(join(await place(meter), 'enrolment.json'), JSON.stringify(enrolment)),
  };
};
