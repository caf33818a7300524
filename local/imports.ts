import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { importOfFile } from '#functions/imports/chunk-plan.ts';
import type { AdvanceParts } from '#functions/imports/import-work.ts';
import { lookAfterImports } from '#functions/imports/look-after.ts';
import { fileArrived } from '#functions/imports/start-import.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import { refusalOf } from '#shared/edge/problem.ts';
import { removeOlderFiles } from '#shared/messaging/local/local-files.ts';
import type { LocalUploads } from '#shared/messaging/local/local-uploads.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import { type MountedHandler, sendProblem } from './http-server.ts';

/** Milliseconds before an import that failed to go on, or waits for another one, is tried again. */
const againAfter = 5000;

/** Milliseconds between two looks after imports, and without work before one is taken up by them. */
const [lookEvery, idleMilliseconds] = [3_600_000, 3 * 60_000];
/** Days that files of imports, and what was written down of them, are kept here: as in production. */
const keptDays = 75;

/** Works off imports on this machine, one after another, also those that an earlier process left. */
export interface ImportWorker {
  /** There is work to do for an import. */
  wake(id: string): Promise<void>;
  /** Takes up what an earlier process left. */
  resume(): Promise<void>;
  /** Ends after the act that runs. */
  stop(): Promise<void>;
}

/** @param kept folders of files and of what was written down of them */
export const startImportWorker = (given: Omit<AdvanceParts, 'wake'>, kept: readonly string[]): ImportWorker => {
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
        parts.logger.error('imports.stopped', { import: id, cause: causeName(error) });
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

  let looking: NodeJS.Timeout | undefined;
  const lookAfter = async (idle: number): Promise<void> => {
    for (const id of await lookAfterImports(parts, idle)) start(id);
    const before = parts.clock.now() - keptDays * 86_400_000;
    for (const folder of kept) await removeOlderFiles(folder, before);
  };

  // One import at a time: what another one waits for is behind it.
  const parts: AdvanceParts = { ...given, heldMilliseconds: 0, wake: async (id) => start(id) };

  return {
    wake: parts.wake,
    resume: async () => {
      await lookAfter(0);
      looking = setInterval(() => {
        lookAfter(idleMilliseconds).catch((error: unknown) =>
          parts.logger.error('imports.not-looked-after', { cause: causeName(error) }),
        );
      }, lookEvery);
    },
    stop: async () => {
      isStopped = true;
      clearInterval(looking);
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
