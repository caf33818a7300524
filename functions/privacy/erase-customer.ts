import { projectWords } from '#functions/search/store/search.ts';
import { searchKeysOf } from '#functions/search/store/search-subjects.ts';
import { ownSource } from '#shared/contracts/facts/sources.ts';
import { forgetReasons } from '#shared/facts/audit.ts';
import type { Committer } from '#shared/facts/commit.ts';
import { doorOf } from '#shared/facts/door-audit.ts';
import { namesErased } from '#shared/facts/erased-owners.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import { forgetKeptOf } from '#shared/facts/forget-kept.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { ErasureRegister, GivenUp } from '#shared/messaging/ports.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { textsOf } from '#shared/profile/store/items.ts';
import { OwnTime } from '#shared/profile/store/own-time.ts';
import { type LoadedSubject, loadStored, loadSurvivor, readAll } from '#shared/profile/store/subjects.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { checkpointKeyRange, factIdKey, subjectPartition } from '#shared/table/keys.ts';
import { limits, type Table, type Write } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { othersFacts } from './others-facts.ts';
import { erasure } from './rules/erasure.ts';
import { dropSealed } from './store/drop-sealed.ts';
import { forgetLikeness } from './store/forget-likeness.ts';

/** What an erasure needs. */
export interface EraseParts {
  readonly profile: Table;
  readonly audit: Table;
  readonly sealer: Sealer;
  readonly committer: Committer;
  readonly submit: SubmitFacts;
  readonly register: ErasureRegister;
  readonly country: Country;
  readonly now: () => number;
  /** The utility's local date. */
  readonly today: () => string;
  /** Where readers of streams, feeds and buses leave what they gave up. */
  readonly givenUp: GivenUp;
  /** Takes out files of meter data, and what was kept of them, that told of service points in these times. */
  readonly forgetImports: (points: readonly PointTimes[], besides: readonly string[]) => Promise<number>;
}

/** A service point, and the times at it that were theirs, in Unix seconds. */
interface PointTimes {
  readonly servicePoint: string;
  readonly within: readonly Range[];
}

/** What went, counted. */
export interface ErasureOutcome {
  /** Records that were one with the customer. */
  readonly records: readonly string[];
  readonly erasedAt: string;
  /** Facts of their own, which tell no more than that they were told. */
  readonly facts: number;
  /** Facts at accounts and places whose words were of their time. */
  readonly words: number;
  /** Records of others that were folded anew. */
  readonly folded: number;
  /** Entries of the audit whose reasons lost their words. */
  readonly reasons: number;
  /** What waited or was kept aside, and files of meter data. */
  readonly kept: number;
  readonly files: number;
  /** Keys they were looked for by among others, and questions whether they are somebody else. */
  readonly likeness: number;
}

const completed = 'customer.erasure.completed.v1';
const actor = 'system:privacy';
const sender: Sender = { actor, speaksFor: ownSource, supervisor: false };

/** Event id of the fact that a record was erased. */
const eventOf = (record: string): string => `erased:${record}`;
/** Id of that fact. */
export const completedIdOf = (record: string): string => factIdOf(ownSystem, eventOf(record));

const busy = (): DomainError =>
  new DomainError('unavailable', 'commit.busy', 'The record is being changed by others; try again.', {
    retryAfterSeconds: 1,
  });

/** The customer as all records that are one with theirs, a merge that is under way brought to its end. */
const wholeCustomer = async ({ profile, committer }: EraseParts, customer: string): Promise<LoadedSubject> => {
  const loaded = await loadSurvivor(profile, await loadStored(profile, customer));
  if (loaded.head.rebuilding === undefined) return loaded;
  await committer.rebuild(loaded.subject);
  const again = await loadSurvivor(profile, await loadStored(profile, customer));
  if (again.head.rebuilding?.flipped === false) throw busy();
  return again;
};

const factsOf = (profile: Table, record: string) =>
  readAll(profile, { pk: subjectPartition(record), prefix: 'FACT#', consistent: true });

const removeCheckpoints = async (profile: Table, record: string): Promise<void> => {
  const items = await readAll(profile, { pk: subjectPartition(record), ...checkpointKeyRange, consistent: true });
  const writes = items.map(({ pk, sk }): Write => ({ remove: { pk, sk } }));
  for (let from = 0; from < writes.length; from += limits.transactionItems)
    await profile.commit(writes.slice(from, from + limits.transactionItems));
};

/** Words by which a customer is found go before the state that tells them does, so that who was stopped still knows them. */
const forgetWords = async ({ profile, country }: EraseParts, customer: LoadedSubject): Promise<void> => {
  const before = searchKeysOf(customer.subject, customer.states, country);
  const after = before === undefined ? undefined : { ...before, words: [] };
  await projectWords(profile, { found: customer.subject, before, after });
};

/** When the service points of some premises were theirs. */
const theirPoints = async (
  { profile, today }: EraseParts,
  customer: string,
  premises: readonly string[],
): Promise<readonly PointTimes[]> => {
  const own = new OwnTime(profile, customer, today());
  const found = await Promise.all(premises.map((premise) => own.pointsOf(premise, 'use')));
  return found.flatMap((points) => [...points].map(([servicePoint, within]) => ({ servicePoint, within })));
};

/** Takes out what lies beside the records: what waits, was kept aside or given up, and files of meter data. */
const forgetBesides = async (parts: EraseParts, customer: LoadedSubject, premises: readonly string[]) => {
  const { references } = stateOf(customer.states, identity).state;
  const ids = [customer.subject, ...customer.head.aliases];
  const kept = await forgetKeptOf(parts, { ids, references });
  const files = await parts.forgetImports(await theirPoints(parts, customer.subject, premises), kept.imports);
  return { kept: kept.removed, files };
};

/** Says of each record that it was erased, once; other systems hear of it as of any fact. */
const tell = async (parts: EraseParts, records: readonly string[], at: string): Promise<void> => {
  for (const record of records) {
    const known = await parts.profile.get(factIdKey(completedIdOf(record)), { consistent: true });
    if (known !== undefined) continue;
    const raw = {
      type: completed,
      source: { system: ownSystem },
      sourceEventId: eventOf(record),
      occurredAt: at,
      data: { customer: record },
    };
    const door = doorOf('inner', actor, eventOf(record));
    const [outcome] = await parts.submit([raw], sender, { door: { ...door, act: 'erasure.complete' } });
    if (!isKept(outcome)) throw busy();
  }
};

/**
 * Erases a customer: the register first, then the keys, then what is sealed and told in plain, then everything that was made of it,
 * folded anew. It may be stopped anywhere and be done again, also of tables that were set back to before it: each step finds what is
 * left to do. Ledgers, agreements and readings are not touched; they go on under the id.
 * @param erasedAt when it was done first, where that is known from elsewhere
 */
export const eraseCustomer = async (
  parts: EraseParts,
  customer: string,
  { erasedAt }: { readonly erasedAt?: string } = {},
): Promise<ErasureOutcome> => {
  const { profile, sealer, committer, register } = parts;
  const loaded = await wholeCustomer(parts, customer);
  const records = [...new Set([loaded.subject, ...loaded.head.aliases, customer])];
  // Who was stopped and goes on says the instant that the register has.
  let at = erasedAt ?? new Date(parts.now()).toISOString();
  for (const record of records) at = (await register.add({ customer: record, erasedAt: at })).erasedAt;
  for (const record of records) await sealer.erase(record);
  const own = (await Promise.all(records.map((record) => factsOf(profile, record)))).flat();
  await dropSealed(profile, own);
  const others = await othersFacts(profile, loaded, (one) => namesErased(profile, [one]));
  await dropSealed(profile, others.theirs);
  const besides = loaded.exists ? await forgetBesides(parts, loaded, others.premises) : { kept: 0, files: 0 };
  let likeness = 0;
  let reasons = 0;
  for (const record of records) {
    reasons += await forgetReasons(parts.audit, record);
    likeness += await forgetLikeness(profile, record);
    await removeCheckpoints(profile, record);
  }
  await forgetWords(parts, loaded);
  const linked = own.flatMap((item) => (item.hides === undefined ? [] : textsOf(item, 'subjects')));
  const folded = [...new Set([...others.folded, ...linked])].filter((one) => !records.includes(one));
  for (const subject of [loaded.subject, ...folded]) await committer.refold(subject);
  if (loaded.exists) await tell(parts, records, at);
  return {
    records,
    erasedAt: stateOf(loaded.states, erasure).state.erasedAt ?? at,
    facts: own.length,
    words: others.theirs.length,
    folded: folded.length,
    likeness,
    reasons,
    ...besides,
  };
};
