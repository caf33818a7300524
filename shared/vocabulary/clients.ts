import * as z from 'zod';

/** A client that may hold tokens: an app people sign in with, or a machine bound to the sources it may speak for. */
export const ClientSetting = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('people') }),
  z.strictObject({ kind: z.literal('machine'), sources: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).readonly() }),
]);
export type ClientSetting = z.infer<typeof ClientSetting>;
