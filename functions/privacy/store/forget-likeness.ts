import { duplicateIdOf } from '#functions/duplicates/store/duplicates.ts';
import { textsOf } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import {
  blockPartition,
  duplicateKey,
  duplicateOfKey,
  duplicateOfPrefix,
  lookedForKey,
  subjectPartition,
} from '#shared/table/keys.ts';
import { limits, type Table, type Write } from '#shared/table/table.ts';

/**
 * Takes away what a customer was looked for by among all others, and the open questions whether they are somebody else. The list of
 * keys goes last, so that who was stopped finds them again.
 */
export const forgetLikeness = async (profile: Table, customer: string): Promise<number> => {
  const questions = await readAll(profile, {
    pk: subjectPartition(customer),
    prefix: duplicateOfPrefix,
    consistent: true,
  });
  const others = questions.map(({ sk }) => sk.slice(duplicateOfPrefix.length));
  for (const other of others) {
    const keys = [
      duplicateKey(duplicateIdOf(customer, other)),
      duplicateOfKey(customer, other),
      duplicateOfKey(other, customer),
    ];
    await profile.commit(keys.map((remove): Write => ({ remove })));
  }
  const lookedFor = await profile.get(lookedForKey(customer), { consistent: true });
  if (lookedFor === undefined) return others.length;
  const blocks = textsOf(lookedFor, 'keys').map((text): Write => {
    const cut = text.indexOf(' ');
    return { remove: { pk: blockPartition(text.slice(0, cut), text.slice(cut + 1)), sk: customer } };
  });
  for (let from = 0; from < blocks.length; from += limits.transactionItems)
    await profile.commit(blocks.slice(from, from + limits.transactionItems));
  await profile.commit([{ remove: lookedForKey(customer) }]);
  return others.length + blocks.length;
};
