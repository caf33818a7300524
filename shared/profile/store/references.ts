import { referenceKey, servicePointKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { type IdKind, kindOf } from '#shared/vocabulary/ids.ts';
import { type IdOrReference, parseReference, type ReferenceKind } from '#shared/vocabulary/references.ts';
import { optionalText } from './items.ts';

/**
 * The id of what is named: an id of the kind as it stands, a reference (`namespace:value` or an object) by its REF item.
 * Undefined where a reference fits nothing or an id is of another kind; whether an id exists is for the caller to see.
 */
export const resolveNamed = async (
  profile: Table,
  kind: ReferenceKind,
  named: IdOrReference,
): Promise<string | undefined> => {
  if (typeof named === 'string') {
    const known: IdKind | undefined = kindOf(named);
    if (known !== undefined) return known === kind ? named : undefined;
  }
  const reference = typeof named === 'string' ? parseReference(named) : named;
  if (reference === undefined) return undefined;
  const item = await profile.get(referenceKey(kind, reference), { consistent: true });
  return item === undefined ? undefined : optionalText(item, 'id');
};

/** The premise of a service point, or undefined where there is no such point. */
export const premiseOfServicePoint = async (profile: Table, servicePoint: string): Promise<string | undefined> => {
  const item = await profile.get(servicePointKey(servicePoint), { consistent: true });
  return item === undefined ? undefined : optionalText(item, 'premise');
};
