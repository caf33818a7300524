import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { importOfFile } from '#functions/imports/chunk-plan.ts';
import type { AdvanceParts } from '#functions/imports/import-work.ts';
import { fileArrived } from '#functions/imports/start-import.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import { refusalOf } from '#shared/edge/problem.ts';
import type { LocalUploads } from '#shared/messaging/local-uploads.ts';
import { importsAtWork } from '#shared/store/imports.ts';
import { type MountedHandler, sendProblem } from './http-server.ts';

/** Milliseconds before an import that failed to go on, or waits for another one, is tried again. */
const againAfter = 5000;

/** Works off imports on this machine, one after another, also those that an earlier process left. */
export interface ImportWorker {
  /** There is work to do for an import. */
  wake(id: string): Promise<void>;
  /** Takes up what an earlier process left. */
  resume(): Promise<void>;
  /** Ends after the act that runs. */
  stop(): Promise<void>;
}

export const startImportWorker = (given: Omit<AdvanceParts, 'wake'>): ImportWorker => {
  const waiting = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  let running: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    for (const id of waiting) {
      if (isStopped) return;
      waiting.delete(id);
      try {
        if ((await advanceImport(parts, id, () => isStopped)) === 'waits') startLater(id);
      } catch (error) {
        parts.logger.error('imports.stopped', { import: id, cause: error instanceof Error ? error.name : 'unknown' });
        startLater(id);
      }
    }
  };
  const startLater = (id: string): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(id);
    }, againAfter);
    timers.add(timer);
  };
  const start = (id: string): void => {
    waiting.add(id);
    if (isStopped || running !== undefined) return;
    running = work().finally(() => {
      running = undefined;
      const [next] = waiting;
      if (next !== undefined) start(next);
    });
  };

  // One import at a time: what another one waits for is behind it.
  const parts: AdvanceParts = { ...given, heldMilliseconds: 0, wake: async (id) => start(id) };

  return {
    wake: parts.wake,
    resume: async () => {
      for await (const { id } of importsAtWork(parts.profile)) start(id);
    },
    stop: async () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
};

/** Takes files that are put to addresses of the imports; the address is the permission. */
export const uploadsHandler = (
  uploads: LocalUploads,
  parts: Pick<AdvanceParts, 'profile' | 'clock'>,
  worker: ImportWorker,
): MountedHandler => {
  const take = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
    await uploads.take(path, query, request);
    const id = importOfFile(path.replace(/^\//, ''));
    if (id !== undefined) {
      await fileArrived(parts, id);
      await worker.wake(id);
    }
    response.writeHead(200, { ...securityHeaders }).end();
  };
  return async (request, response, path) => {
    try {
      if (request.method === 'PUT') await take(request, response, path);
      else response.writeHead(405, { ...securityHeaders, Allow: 'PUT' }).end();
    } catch (error) {
      if (!request.complete) response.setHeader('Connection', 'close');
      sendProblem(response, refusalOf(error), randomUUID());
    }
  };
};
