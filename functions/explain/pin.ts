import type { BodyOf } from '#functions/routes.ts';
import type { ProfileAttribute } from '#shared/profile/rules/survivorship-policy.ts';
import { textOf, textsOf } from '#shared/profile/store/items.ts';
import { factIdKey, factKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';

type PinnedField = BodyOf<'pinAttribute'>['field'];

/** The attribute that a field of the view shows. */
export const attributeOfField = {
  'customer.name': 'name',
  'customer.kind': 'kind',
  'customer.dateOfBirth': 'dateOfBirth',
  'contact.preferences.language': 'language',
} as const satisfies Readonly<Record<PinnedField, ProfileAttribute>>;

/** Whether a fact is a pin of one of some records that nobody has taken back. */
export const isStandingPin = async (profile: Table, fact: string, records: readonly string[]): Promise<boolean> => {
  const place = await profile.get(factIdKey(fact), { consistent: true });
  const subject = place === undefined ? '' : (textsOf(place, 'subjects')[0] ?? '');
  if (place === undefined || textOf(place, 'type') !== 'customer.attribute.pinned.v1' || !records.includes(subject))
    return false;
  const kept = await profile.get(factKey(subject, 'identity', textOf(place, 'order')), { consistent: true });
  return kept !== undefined && kept.retractedBy === undefined;
};
