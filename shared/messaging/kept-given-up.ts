import { decodeFailedBatch, encodeFailedBatch } from './failed-batch.ts';
import { batchFolder, readGivenUpBatch, readStrandedMessage, ruleFolder, withoutRecords } from './given-up.ts';
import type { GivenUp, Objects } from './ports.ts';

type Tells = (value: unknown) => boolean;

/** What is left of an object without what tells it; undefined where nothing of it does, `nothing` where all goes. */
const leftOf = (name: string, bytes: Uint8Array, tells: Tells): Uint8Array | 'nothing' | undefined => {
  if (name.startsWith('failures/')) {
    const batch = decodeFailedBatch(bytes);
    const records = batch.records.filter(({ entry }) => !tells(entry));
    if (records.length === batch.records.length) return undefined;
    return records.length === 0 ? 'nothing' : encodeFailedBatch({ ...batch, records });
  }
  if (name.startsWith(batchFolder) && readGivenUpBatch(bytes) !== undefined) return withoutRecords(bytes, tells);
  const message = name.startsWith(ruleFolder) ? readStrandedMessage(bytes) : undefined;
  return tells(message?.payload ?? bytes) ? 'nothing' : undefined;
};

/** Folders of records that were given up: on one machine, and on AWS. */
const folders = ['failures/', 'dead-letters/', batchFolder, ruleFolder] as const;

/** What was given up, among objects. */
export const createGivenUp = (objects: Objects): GivenUp => ({
  async forget(tells) {
    let forgotten = 0;
    for (const folder of folders)
      for (const name of await objects.list(folder)) {
        const bytes = await objects.get(name);
        const left = bytes === undefined ? undefined : leftOf(name, bytes, tells);
        if (left === undefined) continue;
        // First out, with its earlier versions: what is put then is all there is.
        await objects.remove(name);
        if (left !== 'nothing') await objects.put(name, left);
        forgotten += 1;
      }
    return forgotten;
  },
});
