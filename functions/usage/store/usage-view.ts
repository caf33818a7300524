import {
  packSummary,
  readSummary,
  type StoredSummary,
  type UsageSummary,
} from '#functions/readings/rules/usage-summary.ts';
import { viewBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { bytesOf, numberOf } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { subjectPartition, usageKey, usagePrefix } from '#shared/table/keys.ts';
import type { Item, Key, Table } from '#shared/table/table.ts';
import { idFrom } from '#shared/vocabulary/ids.ts';

/** Whose view shows which register of which service point. */
export interface UsagePlace {
  readonly customer: string;
  readonly account: string;
  readonly premise: string;
  readonly servicePoint: string;
  readonly register: string;
}

/** A usage item as it stands: `counter` (`n`) counts its writes and is no part of digests, `bytes` (`b`) is what it shows. */
export interface UsageItem {
  readonly counter: number;
  readonly bytes: Uint8Array;
  readonly summary: StoredSummary;
}

const keyOf = (place: UsagePlace): Key =>
  usageKey(place.customer, place.account, place.premise, place.servicePoint, place.register);

const fromItem = (item: Item): UsageItem => {
  const bytes = bytesOf(item, 'b');
  return { counter: numberOf(item, 'n'), bytes, summary: readSummary(bytes) };
};

/** The largest counter is held to take this many bytes, so that what fits does not depend on how often it was written. */
const counterBytes = 4;

/** Bytes that a packed summary may take, so that the whole item keeps its budget as DynamoDB bills it. */
export const summaryBudget = (place: UsagePlace): number =>
  viewBudgets.usage - itemBytes({ ...keyOf(place), n: 0, b: new Uint8Array() }) + 1 - counterBytes;

/** The usage item of a place, read consistently. */
export const readUsage = async (profile: Table, place: UsagePlace): Promise<UsageItem | undefined> => {
  const item = await profile.get(keyOf(place), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
};

/** Packs a summary for its place. */
export const packUsage = (place: UsagePlace, summary: UsageSummary) => packSummary(summary, summaryBudget(place));

/**
 * Puts what a place shows where nobody wrote it since `before` was read; equal bytes are not written. Throws ConditionFailed
 * where somebody did: then read and recompute anew.
 */
export const putUsage = async (
  profile: Table,
  place: UsagePlace,
  bytes: Uint8Array,
  before: UsageItem | undefined,
): Promise<'written' | 'same'> => {
  if (before !== undefined && Buffer.compare(before.bytes, bytes) === 0) return 'same';
  const put = { ...keyOf(place), n: (before?.counter ?? 0) + 1, b: bytes };
  const when =
    before === undefined
      ? ({ kind: 'absent' } as const)
      : ({ kind: 'equals', attribute: 'n', is: before.counter } as const);
  await profile.commit([{ put, when, mayRepeat: true }]);
  return 'written';
};

/** Takes a usage item away where nobody wrote it since `before` was read. */
export const removeUsage = async (profile: Table, place: UsagePlace, before: UsageItem): Promise<void> => {
  await profile.commit([{ remove: keyOf(place), when: { kind: 'equals', attribute: 'n', is: before.counter } }]);
};

const placeOf = (customer: string, item: Item): UsagePlace | undefined => {
  const [, , account, premise, servicePoint, register] = item.sk.split('#');
  if (account === undefined || premise === undefined || servicePoint === undefined || register === undefined) {
    return undefined;
  }
  return {
    customer,
    account: idFrom('account', account),
    premise: idFrom('premise', premise),
    servicePoint: idFrom('servicePoint', servicePoint),
    register,
  };
};

/** Usage items that a customer's view has of a premise by an account, and there of one service point where it is named. */
export const listUsage = async (
  profile: Table,
  customer: string,
  account: string,
  premise: string,
  servicePoint?: string,
): Promise<readonly (UsageItem & { readonly place: UsagePlace })[]> => {
  const prefix = usagePrefix(account, premise, servicePoint);
  const items = await readAll(profile, { pk: subjectPartition(customer), prefix, consistent: true });
  return items.flatMap((item) => {
    const place = placeOf(customer, item);
    return place === undefined ? [] : [{ ...fromItem(item), place }];
  });
};
