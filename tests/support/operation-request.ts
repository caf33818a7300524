import { fullView } from '#shared/access/field-matrix.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';

const at = '2026-06-01T00:00:00.000Z';

/** What the edge hands to an operation besides query and body, for tests of operations alone. */
export const operationRequest = (actor: Actor) => ({
  call: { actor, requestId: 'req_test', purpose: undefined },
  params: {},
  view: fullView,
  audit: {
    at,
    id: '0'.repeat(26),
    actor: actor.id,
    actorKind: actor.kind,
    act: 'none' as const,
    requestId: 'req_test',
    route: 'test',
    outcome: 'allowed',
    fields: [],
    count: 0,
    named: [],
  },
});
