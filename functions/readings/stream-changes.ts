import { oneByOne, type TakeChanges, together } from '#shared/edge/changes.ts';
import { keepOverwritten, type OverwrittenParts } from './block-conflicts.ts';
import { placeWaiting, type RedriveParts } from './redrive.ts';

/** Stream of the readings table: what was overwritten by another content is kept aside. */
export const conflictReader = (parts: OverwrittenParts): TakeChanges =>
  oneByOne((change) => keepOverwritten(parts, [change]));

/** Stream of the profile table: a meter that came, or was installed, gets the blocks that wait for it. */
export const waitingReader = (parts: RedriveParts): TakeChanges => together((changes) => placeWaiting(parts, changes));
