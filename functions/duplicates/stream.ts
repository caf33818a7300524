import { readPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { bytesOf } from '#shared/profile/store/items.ts';
import { viewRules } from '#shared/profile/store/view-writes.ts';
import { premiseDigestPrefix, stateKey, subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Change, Item } from '#shared/table/table.ts';
import { findDuplicates } from './find-duplicates.ts';
import type { SettlePairDeps } from './settle-pair.ts';

const addressIn = (item: Item | undefined): string =>
  item?.r !== viewRules ? '' : (readPremiseDigest(bytesOf(item, 'b')).address ?? '');

/** Whether a change may make a customer another's duplicate: `always` where it is a decision, not a value. */
const tellsOf = ({ key, before, after }: Change, customer: string): 'value' | 'always' | undefined => {
  if (key.sk === stateKey(customer, 'links').sk) return 'always';
  if (key.sk === stateKey(customer, 'identity').sk || key.sk === stateKey(customer, 'contact').sk) return 'value';
  const isPremise = key.sk.startsWith(premiseDigestPrefix) && key.sk.split('#').length === 4;
  return isPremise && (addressIn(before) !== addressIn(after) || before?.p !== after?.p) ? 'value' : undefined;
};

/** Looks for duplicates of every customer whose names, dates of birth, contact points, links or premises have changed. */
export const duplicatesReader = (deps: SettlePairDeps): TakeChanges =>
  together(async (changes) => {
    const told = new Map<string, boolean>();
    for (const change of changes) {
      const subject = subjectOfPartition(change.key.pk);
      if (subject === undefined || subjectKindOf(subject) !== 'customer') continue;
      const tells = tellsOf(change, subject);
      if (tells !== undefined) told.set(subject, tells === 'always' || told.get(subject) === true);
    }
    for (const [customer, always] of told) await findDuplicates(deps, customer, always);
  });
