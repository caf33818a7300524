import * as z from 'zod';
import type { Opener } from '#shared/lambda/opener.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { readSettings } from '#shared/runtime/settings.ts';

/** Rows of 150 kB that one call takes: it holds 6 MB. */
const rowsTogether = 20;

/** What needs the keys of the house is asked of the function that has them: facts, and rows in quarantine. */
export const importPoints: Opener<'importPoints'> = () => {
  const { importsPoints } = readSettings(['importsPoints']);
  const functions = createLambdaFunctions();
  const ask = async (what: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const done = await functions.call(importsPoints, JSON.stringify(what));
    if ('failed' in done) throw new Error(`${importsPoints} failed: ${done.failed}`);
    return done.answer;
  };
  return () => ({
    makePoints: async (id, points) => void (await ask({ import: id, points })),
    keepRows: async (id, rows, receivedAt) => {
      const entries: string[] = [];
      for (let from = 0; from < rows.length; from += rowsTogether) {
        const some = rows.slice(from, from + rowsTogether);
        entries.push(...z.array(z.string()).parse(await ask({ import: id, receivedAt, rows: some })));
      }
      return entries;
    },
  });
};
