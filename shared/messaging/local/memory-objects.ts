import { checkObjectName, objectRetained, objectTaken } from '#shared/messaging/object-names.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';

/** Objects that live as long as this process. */
export const createMemoryObjects = (clock: Clock): Objects => {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly retainUntil: string | undefined }>();
  return {
    async put(name, bytes, options = {}) {
      checkObjectName(name);
      const held = kept.get(name);
      if (held !== undefined && options.ifAbsent === true) throw objectTaken(name);
      if (held?.retainUntil !== undefined && Date.parse(held.retainUntil) > clock.now())
        throw objectRetained(name, held.retainUntil);
      kept.set(name, { bytes: Uint8Array.from(bytes), retainUntil: options.retainUntil });
    },
    async get(name) {
      checkObjectName(name);
      const held = kept.get(name);
      return held === undefined ? undefined : Uint8Array.from(held.bytes);
    },
    async list(prefix) {
      return [...kept.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
    async remove(name) {
      checkObjectName(name);
      const until = kept.get(name)?.retainUntil;
      if (until !== undefined && Date.parse(until) > clock.now()) throw objectRetained(name, until);
      kept.delete(name);
    },
  };
};
