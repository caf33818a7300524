import { defineHandler } from '#functions/capability.ts';
import { erasingParts } from '#functions/privacy/capability.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { composeMatchActs, composeParkedActs, composeReplayWork, composeTableActs } from './compose.ts';
import { operationsHandler } from './events.ts';
import { replayWork as workReplays } from './events-replay.ts';

/** The operator's acts on the tables. */
export const acts = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'day', 'facts', 'erasing', 'importFiles', 'replayWorker'],
  handle: (parts) =>
    operationsHandler({
      ...parts,
      name: 'operations',
      acts: composeTableActs({ ...parts, erasing: erasingParts(parts), ingest: new Ingest(parts) }),
    }),
});

/** The operator's acts on what was given up and on devices. */
export const parkedActs = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'devices', 'setAside'],
  handle: (parts) => operationsHandler({ ...parts, name: 'operations-parked', acts: composeParkedActs(parts) }),
});

/** The operator's acts that hold stored customers against each other. */
export const matchActs = /* @__PURE__ */ defineHandler({
  needs: ['tables'],
  handle: (parts) => operationsHandler({ ...parts, name: 'operations-match', acts: composeMatchActs(parts) }),
});

/** Works segments of replays on. */
export const replayWork = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'facts', 'outbound', 'replayWorker'],
  handle: (parts) => workReplays({ ...parts, ...composeReplayWork(parts) }),
});
