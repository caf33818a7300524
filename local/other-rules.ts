import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { composeReplayWork } from '#functions/operations/compose.ts';
import { newReplay, statusOf } from '#functions/operations/replay.ts';
import type { WorkReplayParts } from '#functions/operations/replay-parts.ts';
import { putReplayAside, type Replay, readReplay } from '#functions/operations/store/replays.ts';
import { workSegment } from '#functions/operations/work-replay.ts';
import { familyNamed, familyNames } from '#functions/profile.ts';
import { searchRules } from '#functions/search/rules/search-keys.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { localSegments } from './replays.ts';
import type { LocalSystem } from './system.ts';

const positionName = 'rules';
/** Where the replay is noted that brings the folder to our rules: killed within it, the next start goes on with it. */
const replayName = 'rules-replay';

/** Rules by family, and those of what is found by, as a data folder keeps them. */
const Rules = z.record(z.string(), z.int());
type Rules = z.infer<typeof Rules>;

const ourRules: Rules = {
  ...Object.fromEntries(familyNames.map((name) => [name, familyNamed(name).rules])),
  search: searchRules,
};

const isNewer = (kept: Rules): boolean => Object.entries(kept).some(([name, rules]) => rules > (ourRules[name] ?? 0));

const Noted = z.strictObject({ replay: z.string(), rules: z.string() });

/** How often it is told how far the work is, in milliseconds. */
const toldEvery = 1000;

/** The replay that brings the folder to these rules: one that was begun, or a new one. */
const replayTo = async ({ store, clock }: LocalSystem, rules: string): Promise<Replay> => {
  const profile = store.table('profile');
  const text = await store.positions.get(replayName, 0);
  const noted = text === undefined ? undefined : Noted.parse(JSON.parse(text));
  const begun = noted?.rules === rules ? await readReplay(profile, noted.replay) : undefined;
  if (begun?.state === 'running') return begun;
  const replay = newReplay({ events: false, dryRun: false }, localSegments, clock.now());
  await putReplayAside(profile, replay);
  await store.positions.set(
    replayName,
    0,
    JSON.stringify({ replay: replay.id, rules } satisfies z.infer<typeof Noted>),
  );
  return replay;
};

/** Works all segments of a replay off, side by side. */
const workOff = async (parts: WorkReplayParts, replay: Replay, progress: (subjects: number) => void): Promise<void> => {
  const segments = Array.from({ length: replay.segments }, (_, segment) => segment);
  const work = Promise.all(segments.map((segment) => workSegment(parts, replay.id, segment, () => false)));
  const done = work.then(() => 'done' as const);
  while ((await Promise.race([done, sleep(toldEvery, 'on' as const, { ref: false })])) !== 'done')
    progress((await statusOf(parts.profile, replay)).subjects);
};

/**
 * Folds anew what a data folder holds by the rules of another version, as `ops replay` does, so that all of it is shown by the
 * rules of this one. A folder without a note of its rules counts as one of other rules. Answers how many subjects came out
 * otherwise, or undefined where the rules are the same. Throws DomainError('unavailable', 'rules.newer') where the folder's are
 * newer than ours: nothing is changed then.
 * @param progress told how many subjects were folded, about every second
 */
export const followRules = async (
  system: LocalSystem,
  progress: (subjects: number) => void,
): Promise<number | undefined> => {
  const { store } = system;
  const text = await store.positions.get(positionName, 0);
  const kept = text === undefined ? undefined : Rules.parse(JSON.parse(text));
  if (kept !== undefined && isNewer(kept))
    throw new DomainError('unavailable', 'rules.newer', 'a newer version of Rotunda has worked in this folder');
  const ours = JSON.stringify(ourRules);
  if (text === ours) return undefined;
  const tables = { profile: store.table('profile'), readings: store.table('readings') };
  const replay = await replayTo(system, ours);
  await workOff(composeReplayWork({ ...system, ...tables, bus: system.outbound }), replay, progress);
  const { changed, failed, reasons } = await statusOf(tables.profile, replay);
  if (failed > 0)
    throw new Error(
      `${failed} subjects cannot be folded by our rules: ${reasons.map(({ reason }) => reason).join(', ')}`,
    );
  // Names, readers and duplicates follow what was folded.
  await system.drainPrompt();
  await store.positions.set(positionName, 0, ours);
  return changed;
};
