import { outage as outages } from '#functions/outages/rules/outages.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readFact, readFoldState } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { factPrefix, stateKey, subjectKindOf, subjectOfPartition, subjectPartition } from '#shared/table/keys.ts';
import { type Change, ConditionFailed, type Item, type Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { type PlaceEvent, placeEventWrite } from './store/place-events.ts';
import { followTampering } from './told-tampering.ts';

export interface KeepPlaceEventsParts {
  readonly profile: Table;
  readonly readings: Table;
}

/** Something that happened at a premise, under the name it is kept by. */
interface Happened {
  readonly premise: string;
  readonly id: string;
  readonly event: PlaceEvent;
  /** The meter that told of tampering, where that is what happened, or what did not. */
  readonly tampered?: string;
}

const tries = 8;

const outagesIn = (item: Item | undefined): readonly Happened[] =>
  item === undefined
    ? []
    : stateOf(new Map([['outage', readFoldState(item)]]), outages).state.outages.map(
        ({ id, premise, commodity, startedAt, restoredAt }) => ({
          premise,
          id,
          event: {
            is: 'outage',
            from: secondsOf(startedAt),
            to: restoredAt === null ? null : secondsOf(restoredAt),
            commodity,
          },
        }),
      );

/** What a meter told, as a fact of its premise says it; undefined for another fact. */
const toldIn = (item: Item | undefined): Happened | undefined => {
  if (item === undefined) return undefined;
  const { fact, retractedBy } = readFact(item);
  if (fact.type !== 'metering.event.recorded.v1') return undefined;
  const { meter, event: kind, value = null } = fact.data;
  const [premise] = fact.subjects;
  if (kind === undefined || meter === undefined || premise === undefined) return undefined;
  const from = secondsOf(fact.occurredAt);
  const event: PlaceEvent =
    retractedBy === undefined ? { is: 'told', from, meter, kind, value } : { is: 'retracted', from };
  return { premise, id: fact.id, event, ...(kind === 'tamper' ? { tampered: meter } : {}) };
};

/** What items of a change told of that no longer stands so. */
const gone = (told: readonly Happened[], stand: readonly Happened[]): readonly Happened[] =>
  told
    .filter(({ id, event }) => !stand.some((one) => one.id === id && one.event.from === event.from))
    .map((one) => ({ ...one, event: { is: 'retracted', from: one.event.from } }));

/** Lets what stands be kept as it stands; answers whether anything was kept otherwise. A dry run only looks. */
const keep = async (
  readings: Table,
  readNow: () => Promise<readonly Happened[]>,
  told: readonly Happened[],
  dryRun = false,
): Promise<boolean> => {
  let isOtherwise = false;
  for (let tried = 0; tried < tries; tried += 1) {
    // What stands is read each time: the change may come late, and again.
    const stand = await readNow();
    const looked = await Promise.all(
      [...stand, ...gone(told, stand)].map(({ premise, id, event }) => placeEventWrite(readings, premise, id, event)),
    );
    const writes = looked.filter((write) => write !== undefined);
    isOtherwise ||= writes.length > 0;
    if (dryRun) return isOtherwise;
    try {
      for (const write of writes) await readings.commit([write]);
      return isOtherwise;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
  throw new DomainError('unavailable', 'readings.busy', 'what happened at a premise is being written by others');
};

/**
 * On a change of the profile: an outage that began, ended or was none, and what meters told, are kept beside the readings, each as it
 * stands now. Work for each change: one Get of what stands, one of what was kept, one put where they differ; tampering is a task at
 * once.
 */
export const keepPlaceEvents = async ({ profile, readings }: KeepPlaceEventsParts, change: Change): Promise<void> => {
  const { key, before, after } = change;
  const subject = subjectOfPartition(key.pk);
  if (subject === undefined) return;
  if (subjectKindOf(subject) === 'outage' && key.sk === stateKey(subject, 'outage').sk) {
    const now = async () => outagesIn(await profile.get(key, { consistent: true }));
    await keep(readings, now, [...outagesIn(before), ...outagesIn(after)]);
    return;
  }
  if (subjectKindOf(subject) !== 'premise' || !key.sk.startsWith('FACT#metering#')) return;
  const told = toldIn(after ?? before);
  if (told === undefined) return;
  const now = async () => {
    const standing = toldIn(await profile.get(key, { consistent: true }));
    return standing === undefined ? [] : [standing];
  };
  // Before it is kept, whereupon its day may be judged: told again, it is no news, and the task is its exception's.
  if (told.tampered !== undefined && (await keep(readings, now, [told], true))) {
    const stands = (await now()).some(({ event }) => event.is === 'told');
    await followTampering(readings, told.tampered, told.event.from, stands);
  }
  await keep(readings, now, [told]);
};

/**
 * Keeps beside the readings what happened at a premise or by an outage, whenever it was told: what was told to a version that kept
 * none of it, too. Answers whether anything was kept otherwise than it stands; a dry run only looks. Other subjects have nothing.
 */
export const keepEventsOf = async (
  { profile, readings }: KeepPlaceEventsParts,
  subject: string,
  dryRun = false,
): Promise<boolean> => {
  switch (subjectKindOf(subject)) {
    case 'outage': {
      const key = stateKey(subject, 'outage');
      return keep(readings, async () => outagesIn(await profile.get(key, { consistent: true })), [], dryRun);
    }
    case 'premise': {
      const facts = { pk: subjectPartition(subject), prefix: factPrefix('metering'), consistent: true };
      const now = async () => (await readAll(profile, facts)).flatMap((item) => toldIn(item) ?? []);
      return keep(readings, now, [], dryRun);
    }
    default:
      return false;
  }
};
