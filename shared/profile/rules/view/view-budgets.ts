/**
 * Most bytes of each VIEW item, as DynamoDB bills it: names, keys and values. Together they keep the 360 view of two accounts
 * at two premises within one read unit of 4,096 bytes.
 */
export const viewBudgets = {
  identity: 300,
  contact: 500,
  service: 200,
  interactions: 800,
  freshness: 250,
  account: 430,
  /** Three of these and one home are within a read unit, too. */
  former: 300,
  premise: 360,
  usage: 190,
} as const;

/** Bytes of an item around its packed part: `pk` (34), `sk`, `r` (rules, 2) and `b`, with their names. */
const around = (sortKeyLength: number): number => 2 + 34 + 2 + sortKeyLength + 1 + 2 + 1;

const sectionAround = around('VIEW#0'.length);
const body = 26;

/** Bytes left for the packed part of each item. */
export const packBudgets = {
  identity: viewBudgets.identity - sectionAround,
  contact: viewBudgets.contact - sectionAround,
  interactions: viewBudgets.interactions - sectionAround,
  freshness: viewBudgets.freshness - sectionAround,
  account: viewBudgets.account - around('VIEW#5#'.length + body),
  former: viewBudgets.former - around('WAS#'.length + body),
  premise: viewBudgets.premise - around('VIEW#5#'.length + body + 1 + body),
} as const;
