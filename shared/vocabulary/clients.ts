import * as z from 'zod';

/** Who signs in: those who work here, and those who are supplied. */
export const Signer = z.enum(['staff', 'customers']);
export type Signer = z.infer<typeof Signer>;

/** Seconds after which staff sign in anew, whatever tokens they were given meanwhile: a working day. */
export const staffSessionSeconds = 12 * 3600;

/**
 * A client that may hold tokens: an app that some people sign in with, or a machine bound to the sources it may speak for. An app
 * is for staff or for customers; for both is only one of a developer's own machine.
 */
export const ClientSetting = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('people'), signsIn: z.array(Signer).min(1).readonly() }),
  z.strictObject({ kind: z.literal('machine'), sources: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)).readonly() }),
]);
export type ClientSetting = z.infer<typeof ClientSetting>;
