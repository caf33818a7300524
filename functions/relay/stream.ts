import type { TakeChanges } from '#shared/edge/changes.ts';
import { publishFacts, type RelayDeps } from './publish-facts.ts';

/** Stream of the profile table -> outbound bus: publishes the facts that were added. */
export const relayReader = (deps: RelayDeps): TakeChanges => publishFacts(deps);
