import * as z from 'zod';

/** Name of one installation: small letters and digits, since it stands in names of rules, functions and queues. */
export const Stage = z.string().regex(/^[a-z0-9]{1,20}$/, 'is no stage: 1 to 20 small letters and digits');
export type Stage = z.infer<typeof Stage>;

/** Physical name of a function, queue or bus of a stage, so that it can be found without asking. */
export const stageName = (stage: Stage, name: string): string => `rotunda-${stage}-${name}`;
