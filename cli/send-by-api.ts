import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { isToBeSentAgain } from '#shared/facts/fact-outcome.ts';
import { ask, type ConnectionOptions, problemLine } from './connection.ts';
import type { Sendable } from './read-facts.ts';
import { tokenFor } from './sign-in.ts';

const Results = z.object({
  results: z.array(
    z.object({
      index: z.int().min(0),
      status: z.string(),
      factId: z.string().optional(),
      problem: z.object({ status: z.number().optional() }).loose().optional(),
    }),
  ),
});

/** What became of one fact of the file. */
export interface SentResult {
  readonly status: string;
  readonly factId?: string;
  /** Why it was not taken, as one line. */
  readonly problem?: string;
}

const batchSize = 100;
const tries = 5;

interface Numbered {
  readonly place: number;
  readonly fact: Sendable;
}

const Claims = z.object({ client_id: z.string().min(1) });

/** A gateway counts by the client id in the token; whether the token is good is the server's to say. */
const countedAs = (token: string): Readonly<Record<string, string>> => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return { 'x-api-key': Claims.parse(payload).client_id };
  } catch {
    return {};
  }
};

const post = async (
  batch: readonly Numbered[],
  url: string,
  token: string,
): Promise<ReadonlyMap<number, SentResult>> => {
  const body = { facts: batch.map(({ fact }) => fact) };
  const { results } = Results.parse(
    await ask(url, { method: 'POST', path: '/v1/facts', token, body, headers: countedAs(token) }),
  );
  return new Map(
    results.flatMap(({ index, status, factId, problem }) => {
      const place = batch[index]?.place;
      if (place === undefined) return [];
      const why = problem === undefined ? {} : { problem: problemLine(problem.status ?? 422, problem) };
      return [[place, { status, ...(factId === undefined ? {} : { factId }), ...why }] as const];
    }),
  );
};

/** Sends a batch, and anew those that the server asks to send again. */
const postUntilSettled = async (
  batch: readonly Numbered[],
  url: string,
  token: string,
): Promise<Map<number, SentResult>> => {
  const settled = new Map<number, SentResult>();
  let open = batch;
  for (let attempt = 1; open.length > 0; attempt += 1) {
    for (const [place, result] of await post(open, url, token)) settled.set(place, result);
    open = attempt < tries ? open.filter(({ place }) => isToBeSentAgain(settled.get(place))) : [];
    if (open.length > 0) await wait(200 * 2 ** attempt);
  }
  return settled;
};

/** Sends facts by `POST /v1/facts`, each source system under its own client; results in the order of the file. */
export const sendByApi = async (
  facts: readonly Sendable[],
  options: ConnectionOptions,
): Promise<readonly SentResult[]> => {
  const bySystem = new Map<string, Numbered[]>();
  for (const [place, fact] of facts.entries()) {
    const key = options.token === undefined ? fact.source.system : '';
    bySystem.set(key, [...(bySystem.get(key) ?? []), { place, fact }]);
  }
  const results = new Map<number, SentResult>();
  for (const [system, group] of bySystem) {
    const token = await tokenFor(options, { client: system });
    for (let start = 0; start < group.length; start += batchSize) {
      const settled = await postUntilSettled(group.slice(start, start + batchSize), options.url, token);
      for (const [place, result] of settled) results.set(place, result);
    }
  }
  return facts.map((_, place) => results.get(place) ?? { status: 'unanswered' });
};
