import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import * as z from 'zod';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { digest, quarantine, replay, replayStatus, verifyAudit } from '#shared/contracts/local/ops.ts';
import type { ApiClient } from '#tests/support/api-client.ts';
import { eventually } from '#tests/support/eventually.ts';

const operator = { role: 'operator' } as const;

export interface Digests {
  readonly profile: string;
  readonly readings: string;
  /** Intervals in the readings table. */
  readonly intervals: number;
}

/** Digests of both tables once all is worked off. */
export const digestsOf = async (client: ApiClient): Promise<Digests> => {
  const answer = await client.must({ path: digest.path, as: operator });
  const { digests } = digest.answer.parse(answer.json);
  const of = (table: string) => digests.find((one) => one.table === table);
  return {
    profile: of('profile')?.sha256 ?? '',
    readings: of('readings')?.sha256 ?? '',
    intervals: of('readings')?.items ?? 0,
  };
};

/** Every entry is sealed into its chain once, and no link, entry or seal is at fault. */
export const expectSoundAudit = async (client: ApiClient): Promise<void> => {
  const answer = await client.must({ method: 'POST', path: verifyAudit.path, as: operator, json: {} });
  expect(verifyAudit.answer.parse(answer.json)).toMatchObject({ ok: true, unsealed: 0, faults: [] });
};

const askReplay = async (client: ApiClient, json: z.input<typeof replay.input>) => {
  const headers = { 'rotunda-reason': 'Looking whether all is as its facts fold to.' };
  const begun = await client.must({ method: 'POST', path: replay.path, as: operator, headers, json });
  const { id } = replay.answer.parse(begun.json);
  const look = async () => {
    const answer = await client.must({ path: `${replayStatus.path}?id=${id}`, as: operator });
    return replayStatus.answer.parse(answer.json);
  };
  return eventually('the replay is over', 120_000, look, ({ state }) => state !== 'running');
};

/** How many facts are kept, each counted once however many subjects it has. */
export const factsKept = async (client: ApiClient): Promise<number> =>
  (await askReplay(client, { events: true, dryRun: true })).published;

/** Nothing waits or is kept aside, and every state and view is what its facts fold to. */
export const expectSoundProfile = async (client: ApiClient): Promise<void> => {
  const answer = await client.must({ path: quarantine.path, as: operator });
  expect(quarantine.answer.parse(answer.json)).toMatchObject({ total: 0 });
  expect(await askReplay(client, {})).toMatchObject({ state: 'done', changed: 0, failed: 0 });
};

/** Whether facts of a type are what the system itself makes of readings: how many there are depends on when it looked. */
export const isOfReadings = (type: string): boolean =>
  type.startsWith('metering.') && factTypes.get(type)?.ownOnly === true;

const Delivered = z.object({
  'detail-type': z.string(),
  detail: z.object({
    metadata: z.looseObject({ eventId: z.string(), subjectId: z.string(), sequence: z.int(), publishedAt: z.string() }),
    data: z.unknown(),
  }),
});

/**
 * What a subscriber is left with that takes each event id once: as many events as facts, each the same at every delivery, and
 * those of one subject numbered without a gap. Answers how many deliveries there were, and how many events were of facts that
 * somebody sent: what the system itself makes of readings depends on when it looked.
 */
export const expectEventsOnce = async (
  file: string,
  facts: number,
): Promise<{ readonly deliveries: number; readonly sent: number }> => {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const content = new Map<string, string>();
  const sequences = new Map<string, number[]>();
  let sent = 0;
  for (const line of lines) {
    const { 'detail-type': type, detail } = Delivered.parse(JSON.parse(line));
    const { metadata, data } = detail;
    const { publishedAt: _time, ...same } = metadata;
    const text = JSON.stringify({ same, data });
    const held = content.get(metadata.eventId);
    if (held !== undefined) {
      expect(text).toBe(held);
      continue;
    }
    content.set(metadata.eventId, text);
    if (!isOfReadings(type)) sent += 1;
    sequences.set(metadata.subjectId, [...(sequences.get(metadata.subjectId) ?? []), metadata.sequence]);
  }
  expect(content.size).toBe(facts);
  for (const numbers of sequences.values()) {
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
  }
  return { deliveries: lines.length, sent };
};
