import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { advanceImport } from './advance-import.ts';
import { importOfFile } from './chunk-plan.ts';
import type { AdvanceParts } from './import-work.ts';
import { lookAfterImports } from './look-after.ts';
import { fileArrived } from './start-import.ts';

/** Milliseconds of a run that are left for the act under way. */
const reserve = 90_000;
/** An import that nobody has worked on for so long is taken up by the clock. */
const idleMilliseconds = 3 * 60_000;

const Asked = z.object({ import: z.string() });
const Arrived = z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) });

/** The import that an event is about: one that was asked for, or one whose file came; undefined where the clock rang. */
const importOf = async (parts: AdvanceParts, event: unknown): Promise<string | undefined> => {
  const asked = Asked.safeParse(event);
  if (asked.success) return asked.data.import;
  const arrived = Arrived.safeParse(event);
  const id = arrived.success ? importOfFile(arrived.data.detail.object.key) : undefined;
  if (id !== undefined) await fileArrived(parts, id);
  return id;
};

/**
 * Works an import on until it rests, or until the run is nearly over: then it hands it on to the next. One that waits for another
 * is left to the clock, by which those are worked on that nobody works on any more.
 */
export const importsWork =
  (parts: AdvanceParts) =>
  async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const id = await importOf(parts, event);
    if (id !== undefined) {
      const left = await advanceImport(parts, id, () => context.getRemainingTimeInMillis() < reserve);
      if (left === 'works') await parts.wake(id);
      return;
    }
    for (const idle of await lookAfterImports(parts, idleMilliseconds)) await parts.wake(idle);
  };
