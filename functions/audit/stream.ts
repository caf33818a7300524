import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { type SealDeps, sealChanges } from './seal.ts';

/** Stream of the audit table -> chains. */
export const sealReader = (deps: SealDeps): TakeChanges => together((changes) => sealChanges(deps, changes));
