import type { ExactKey } from '#functions/search/rules/search-keys.ts';
import type { Sealer } from '#shared/facts/seal.ts';

/** Whose key makes the hashes of exact search keys: no person's, since many are found under one value. */
export const searchOwner = 'search';

type ExactName = Pick<ExactKey, 'kind' | 'value'>;

/**
 * The hash that an exact key goes by: kind and value, so that the last digits of a phone are not those of a serial. Undefined where
 * nothing was ever kept to be found.
 */
export type SearchHash = (key: ExactName) => Promise<string | undefined>;

/** Hashes for what finds. */
export const searchHash =
  (sealer: Pick<Sealer, 'mac'>): SearchHash =>
  ({ kind, value }) =>
    sealer.mac(searchOwner, `${kind}\u0000${value}`);

/** Hashes for what keeps: the key is made where there is none. */
export const keepingHash = (sealer: Pick<Sealer, 'mac' | 'warm'>): SearchHash => {
  const hash = searchHash(sealer);
  return async (key) => {
    const known = await hash(key);
    if (known !== undefined) return known;
    await sealer.warm(searchOwner);
    return hash(key);
  };
};
