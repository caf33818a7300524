import type { ServerResponse } from 'node:http';
import type { Acts } from '#functions/operations/acts.ts';
import { unhurried } from '#functions/operations/step.ts';
import { eventStreamPath, sendToBus } from '#shared/contracts/local/bus.ts';
import {
  digest,
  disputes,
  drain,
  eraseAgain,
  findDuplicates,
  groundless,
  quarantine,
  redrive,
  replay,
  replayStatus,
  revokeMeter,
  stopReplay,
  trainMatch,
} from '#shared/contracts/local/ops.ts';
import { type LocalOperation, type LocalStream, localOperation } from './http-server-local-routes.ts';
import type { LocalSystem } from './system.ts';

/** The operator's routes of this machine; `ops verify-audit` stands with the audit. */
export const systemOperations = (system: LocalSystem, acts: Acts): readonly LocalOperation[] => {
  return [
    localOperation(digest, async (input) => {
      await system.drain();
      return (await acts.digest(input, undefined, unhurried)).answer;
    }),
    localOperation(quarantine, async (input) => (await acts.quarantine(input, undefined, unhurried)).answer),
    localOperation(groundless, async (input) => (await acts.groundless(input, undefined, unhurried)).answer),
    localOperation(disputes, async (input) => (await acts.disputes(input, undefined, unhurried)).answer),
    localOperation(redrive, async (input) => (await acts.redrive(input, undefined, unhurried)).answer),
    localOperation(replay, async (input) => (await acts.replay(input, undefined, unhurried)).answer),
    localOperation(replayStatus, async (input) => (await acts['replay-status'](input, undefined, unhurried)).answer),
    localOperation(stopReplay, async (input) => (await acts['replay-stop'](input, undefined, unhurried)).answer),
    localOperation(eraseAgain, async (input) => (await acts['erase-again'](input, undefined, unhurried)).answer),
    localOperation(revokeMeter, async (input) => (await acts['revoke-meter'](input, undefined, unhurried)).answer),
    localOperation(trainMatch, async (input) => (await acts['match-train'](input, undefined, unhurried)).answer),
    localOperation(
      findDuplicates,
      async (input) => (await acts['find-duplicates'](input, undefined, unhurried)).answer,
    ),
    localOperation(drain, async ({ timeoutSeconds }) => {
      const started = performance.now();
      const drained = await system.drain(timeoutSeconds * 1000);
      return { drained, seconds: Math.round(performance.now() - started) / 1000, pending: {} };
    }),
    localOperation(sendToBus, async ({ events }) => {
      await system.inbound.publish(events);
      return { accepted: events.length };
    }),
  ];
};

const serveEvents = (system: LocalSystem, response: ServerResponse, pattern: unknown): Promise<void> =>
  new Promise((resolve) => {
    const unsubscribe = system.outbound.subscribe(pattern, (event) => {
      response.write(
        `data: ${JSON.stringify({ source: event.source, 'detail-type': event['detail-type'], time: event.time, detail: event.detail })}\n\n`,
      );
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
    response.write(': listening\n\n');
    const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
    response.on('close', () => {
      clearInterval(beat);
      unsubscribe();
      resolve();
    });
  });

/** Live tail of the outbound bus. */
export const eventStream = (system: LocalSystem): LocalStream => ({
  path: eventStreamPath,
  serve: async (_request, response, query) => {
    const pattern = query.pattern ?? { source: [{ prefix: 'rotunda.' }] };
    await serveEvents(system, response, pattern);
  },
});
