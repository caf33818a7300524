import type { Sealer } from '#shared/facts/seal.ts';
import { Erased, openPieces, sealPieces } from '#shared/facts/sealed-pieces.ts';
import type { Objects, Sealing } from '#shared/messaging/ports.ts';

/** Whose key seals an object: the import that it is kept of; undefined where it is none of an import. */
const ownerOf = (name: string): string | undefined => /^imports\/(imp_[0-9A-Z]{26})\//.exec(name)?.[1];

type Pieces = AsyncIterable<Uint8Array>;

/** Files of imports and what was written down of them, each under the key of its import; all else as it is. */
export const importSealing = (sealer: Sealer): Sealing => ({
  seal: (name, pieces) => {
    const owner = ownerOf(name);
    return owner === undefined ? pieces : sealPieces(sealer, owner, name, pieces);
  },
  open: (name, pieces) => {
    const owner = ownerOf(name);
    return owner === undefined ? pieces : openPieces(sealer, owner, name, pieces);
  },
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

const gathered = async (pieces: Pieces): Promise<Uint8Array> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
};

/** Objects of which those of imports are sealed; one whose import's key is gone is answered as absent. */
export const sealedObjects = (objects: Objects, sealing: Sealing): Objects => ({
  put: async (name, bytes, options) => objects.put(name, await gathered(sealing.seal(name, only(bytes))), options),
  get: async (name) => {
    const bytes = await objects.get(name);
    if (bytes === undefined) return undefined;
    try {
      return await gathered(sealing.open(name, only(bytes)));
    } catch (error) {
      if (error instanceof Erased) return undefined;
      throw error;
    }
  },
  list: (prefix) => objects.list(prefix),
  remove: (name) => objects.remove(name),
});
