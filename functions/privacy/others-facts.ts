import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { account } from '#shared/profile/rules/account.ts';
import { effectiveAgreements } from '#shared/profile/rules/agreements.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import { dayAsPeriod } from '#shared/profile/rules/periods.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import { placeOf } from '#shared/profile/store/own-time.ts';
import { allRoles } from '#shared/profile/store/roles-held.ts';
import { type LoadedSubject, loadSubject, loadWhole, readAll } from '#shared/profile/store/subjects.ts';
import { whoseAccount, whoseFact, whoseTime } from '#shared/profile/store/whose-time.ts';
import { subjectKindOf, subjectPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';

/** What was written in words at an account or a place, in somebody's own time there. */
export interface OthersFacts {
  /** Accounts that they hold or held a role on. */
  readonly accounts: readonly string[];
  /** Premises where these took or take service. */
  readonly premises: readonly string[];
  /** Facts whose words were of their time, and of nobody else's who is still known. */
  readonly theirs: readonly Item[];
  /** Records that such facts lie with. */
  readonly folded: readonly string[];
}

/** Whether all that is sealed of a fact are words: an address is that of a place, whoever lives there. */
const isWordsAlone = ({ fact, hides }: StoredFact): boolean => {
  const marks = factTypes.get(fact.type)?.marks ?? {};
  return hides.length > 0 && hides.every((field) => marks[field] === 'freeText');
};

const premisesOf = async (profile: Table, id: string): Promise<readonly string[]> => {
  const { states } = await loadWhole(profile, id);
  if (!states.has(account.name)) return [];
  return effectiveAgreements(toldAgreements(states, account.name)).agreements.map(({ premise }) => premise);
};

/** Whose time a fact was told in, where it does not speak of a time of its own: what staff decided, and what was taken back. */
const whoseThen = async (profile: Table, subject: string, { fact }: StoredFact): Promise<readonly string[]> => {
  if (subjectKindOf(subject) === 'account') {
    const day = dayAsPeriod(dayOf(fact));
    return whoseAccount(profile, subject, { money: [day], service: [day] });
  }
  const premise = fact.subjects.find((one) => subjectKindOf(one) === 'premise');
  if (premise === undefined) return [];
  const place = placeOf((await loadSubject(profile, premise)).states);
  const at = Math.floor(secondsOf(fact.occurredAt));
  const named = place.points.map((point) => whoseTime(profile, place, point, [{ from: at, to: at + 1 }], 'home'));
  return (await Promise.all(named)).flat();
};

/**
 * Looks through the accounts of a customer and the premises of these for what was written of their time. What was as well of
 * somebody's time who is still known stays: it is theirs, too.
 */
export const othersFacts = async (
  profile: Table,
  customer: LoadedSubject,
  isGone: (customer: string) => Promise<boolean>,
): Promise<OthersFacts> => {
  const records = new Set([customer.subject, ...customer.head.aliases]);
  const accounts = [...new Set((await allRoles(profile, customer)).map((role) => role.account))].sort();
  const premises = new Set<string>();
  for (const id of accounts) for (const premise of await premisesOf(profile, id)) premises.add(premise);
  const theirs = new Map<string, Item>();
  const folded = new Set<string>();
  for (const subject of [...accounts, ...premises]) {
    const items = await readAll(profile, { pk: subjectPartition(subject), prefix: 'FACT#', consistent: true });
    for (const item of items) {
      const stored = readFact(item);
      if (!isWordsAlone(stored) || theirs.has(stored.fact.id)) continue;
      const told = (await whoseFact(profile, stored.fact)) ?? [];
      const whose = told.length > 0 ? told : await whoseThen(profile, subject, stored);
      if (!whose.some((one) => records.has(one))) continue;
      const others = await Promise.all(whose.filter((one) => !records.has(one)).map(isGone));
      if (others.includes(false)) continue;
      theirs.set(stored.fact.id, item);
      for (const one of stored.fact.subjects) folded.add(one);
    }
  }
  return { accounts, premises: [...premises], theirs: [...theirs.values()], folded: [...folded] };
};
