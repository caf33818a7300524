import fc from 'fast-check';
import { expect } from 'vitest';
import { accountOperations } from '#functions/accounts/api.ts';
import { explainOperations } from '#functions/explain/api.ts';
import { isRetractionFact } from '#shared/contracts/facts/as-fact.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Moment } from '#shared/profile/store/as-of.ts';
import { profileAsOf } from '#shared/profile/store/profile-as-of.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadHead } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { leavesOf } from '#tests/functions/explain/leaves.ts';
import { day, founding, pick, type Sent } from '#tests/support/meters/shared-households.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { isLink, ofRun, partsOf, shuffled, storyOf } from './as-of-stories.ts';

/**
 * The past, checked against systems that never knew anything else: what is asked of any instant must be what such a system shows
 * then, and the order in which facts came must not be seen.
 */

/** Opens an empty system, or one on a table that it shares with others, on the body that is tested. */
export type Opens = () => Promise<ProfileSystem>;
export const openInMemory: Opens = () => openProfileSystem();

/** Submits facts in one batch; answers what was kept and what waits for another. Merges and undoings are brought to their end. */
const submit = async (system: ProfileSystem, batch: readonly unknown[]) => {
  const results = await system.submit(batch, machine);
  if (results.some(({ status }) => status === 'retry')) throw new Error(JSON.stringify(results));
  const kept = results.flatMap((result) => (result.status === 'accepted' ? [result.fact] : []));
  for (const { subjects } of kept.filter(isLink))
    for (const subject of subjects) await system.committer.rebuild(subject);
  return { kept, waiting: batch.filter((_, n) => results[n]?.status === 'waiting') };
};

/** Tells facts batch by batch, a minute apart; what waits is sent again at the end, one by one. Answers what was kept. */
const tell = async (system: ProfileSystem, batches: readonly (readonly unknown[])[]): Promise<readonly Fact[]> => {
  const all: Fact[] = [];
  let left = batches;
  for (let before = -1; left.length > 0 && all.length > before; ) {
    before = all.length;
    const waits: unknown[] = [];
    for (const batch of left) {
      system.clock.set(system.clock.now() + 60_000);
      const { kept, waiting } = await submit(system, batch);
      all.push(...kept);
      waits.push(...waiting);
    }
    left = waits.map((one) => [one]);
  }
  return all;
};
const oneByOne = (facts: readonly Sent[]): readonly (readonly unknown[])[] => facts.map((fact) => [fact]);

/** As few batches as there can be: merges and undoings stand alone. */
const inBatches = (facts: readonly Fact[]): readonly (readonly unknown[])[] => {
  const batches: unknown[][] = [[]];
  for (const fact of facts) {
    if (isLink(fact)) batches.push([raw(fact)], []);
    else batches.at(-1)?.push(raw(fact));
  }
  return batches.filter((batch) => batch.length > 0);
};

const raw = ({ type, source, sourceEventId, sourceSequence, occurredAt, data }: Fact) => ({
  type,
  source: { system: source.system },
  sourceEventId,
  sourceSequence,
  occurredAt,
  data,
});

/** What had happened and was known; links and retractions count by what was known alone. */
const within = (facts: readonly Fact[], { asOf, knownAt }: Moment): readonly Fact[] => {
  const known = facts.filter((fact) => fact.recordedAt <= knownAt);
  const ids = new Set(
    known.filter((fact) => !isRetraction(fact.type) && (isLink(fact) || fact.occurredAt <= asOf)).map(({ id }) => id),
  );
  return known.filter((fact) => (isRetractionFact(fact) ? ids.has(String(fact.data.factId)) : ids.has(fact.id)));
};

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The operations that are asked, of a system whose clock shows `now`. */
const operationsOf = (system: ProfileSystem, now: number) => {
  const today = (at = now): string => dayOf(at);
  const parts = { ...system, now: () => now, today, payments: standardPaymentPolicy };
  return {
    explain: explainOperations(parts).explainField,
    readAccount: accountOperations(parts).readAccount,
    view: (customer: string) => show360(parts, customer),
    viewThen: async (named: string, moment: Moment) => {
      const then = await profileAsOf(parts, named, moment);
      return then && { ...then.view, omitted: then.view.omitted.filter((text) => !text.startsWith('usage:')) };
    },
  };
};

const request = operationRequest({ kind: 'system', id: 'test' });
/** What an operation answers, as bytes; what it refuses, by its code. */
const bytesOf = async (asked: Promise<{ readonly body: unknown }>): Promise<string> => {
  try {
    return JSON.stringify((await asked).body);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
    throw error;
  }
};

const idsOf = (kind: IdKind, type: string, run: string): readonly string[] =>
  founding
    .filter((fact) => fact.type === type)
    .map(({ source, sourceEventId }) => mintedId(kind, factIdOf(source.system, `${run}-${sourceEventId}`)));

const survivorOf = async (system: ProfileSystem, customer: string): Promise<string> => {
  const { aliasOf } = await loadHead(system.profile, customer);
  return aliasOf === undefined ? customer : survivorOf(system, aliasOf);
};

/** Asks a system of a moment, and a system that never knew anything else of now: the bytes must be the same. */
const expectAlike = async (system: ProfileSystem, fresh: ProfileSystem, moment: Moment, run: string, field: number) => {
  const [then, now] = [operationsOf(system, system.clock.now()), operationsOf(fresh, Date.parse(moment.asOf))];
  for (const customer of idsOf('customer', 'customer.profile.registered.v1', run)) {
    const survivor = await survivorOf(fresh, customer);
    const view = await now.view(survivor);
    expect(JSON.stringify(await then.viewThen(customer, moment))).toBe(JSON.stringify(view));
    const leaves = leavesOf(view).filter(({ pattern }) => pattern !== 'omitted');
    const path = pick(leaves, field).path;
    const explained = await bytesOf(
      then.explain({
        ...request,
        params: { id: customer },
        subjectId: customer,
        query: { field: path, ...moment },
        body: undefined,
      }),
    );
    const expected = await bytesOf(
      now.explain({ ...request, subjectId: survivor, query: { field: path }, body: undefined }),
    );
    expect([path, explained]).toEqual([path, expected]);
  }
  for (const account of idsOf('account', 'account.account.opened.v1', run)) {
    const asked = { ...request, subjectId: account, body: undefined };
    expect(await bytesOf(then.readAccount({ ...asked, query: moment }))).toBe(
      await bytesOf(now.readAccount({ ...asked, query: {} })),
    );
  }
};

let count = 0;

/**
 * Checks, run by run, that view, account and explanation of any instant are those of a system that knew no more than was known and
 * had happened then, and that the order in which facts came is not seen, also where merges were made and undone.
 * @param most facts of a story, besides merges and retractions
 */
export const checkMoments = async (opens: Opens, runs: number, most: number): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(storyOf(most), async (story) => {
      count += 1;
      const run = `r${count}`;
      const [first = [], rest = []] = partsOf(story, run);
      const founded = founding.map((fact) => ofRun(fact, run));
      const tested = await opens();
      const other = await openInMemory();
      const mixed = (facts: readonly Sent[]) => shuffled(facts, story.order);
      const kept = [...(await tell(tested, [founded])), ...(await tell(tested, oneByOne(first)))];
      await tell(other, [founded]);
      await tell(other, oneByOne(mixed(first)));
      const [knownHere, knownThere] = [tested, other].map(({ clock }) => new Date(clock.now()).toISOString());
      kept.push(...(await tell(tested, oneByOne(rest))));
      await tell(other, oneByOne(mixed(rest)));
      const asOf = `${day(1 + (story.asOf % 560))}T12:00:00.000Z`;
      const nows = [tested, other].map(({ clock }) => new Date(clock.now()).toISOString());
      for (const [here = '', there = ''] of [[knownHere, knownThere], nows]) {
        const fresh = await openProfileSystem({ start: asOf });
        await tell(fresh, inBatches(within(kept, { asOf, knownAt: here })));
        await fresh.settle();
        await expectAlike(tested, fresh, { asOf, knownAt: here }, run, story.field);
        await expectAlike(other, fresh, { asOf, knownAt: there }, run, story.field);
        await fresh.store.close();
      }
      await Promise.all([tested.store.close(), other.store.close()]);
    }),
    { numRuns: runs },
  );
};
