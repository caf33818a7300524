import * as z from 'zod';
import { ErasureGround } from './statuses.ts';

/** What may stand against the erasure of a person. */
export const ErasureBlocker = z.enum(['account-open', 'balance', 'reversal-waits', 'merge-under-way']);
export type ErasureBlocker = z.infer<typeof ErasureBlocker>;

/** What stands against an erasure at a utility, and on which grounds it is done all the same. A merge under way always does. */
export const ErasurePolicy = z.strictObject({
  blockedBy: z.array(ErasureBlocker.exclude(['merge-under-way'])),
  evenSo: z.array(ErasureGround).describe('Grounds on which nothing of `blockedBy` stands against it.'),
});
export type ErasurePolicy = z.infer<typeof ErasurePolicy>;

/**
 * What holds where a utility says nothing else: whoever still owes, is owed or takes service is erased once that is over, but at
 * once where the data was never lawful or a law asks for it. A default of this system, no rule of any law.
 */
export const standardErasurePolicy: ErasurePolicy = {
  blockedBy: ['account-open', 'balance', 'reversal-waits'],
  evenSo: ['unlawful', 'legal-obligation'],
};
