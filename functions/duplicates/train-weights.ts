import { createHash } from 'node:crypto';
import { subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import { scanItems } from '#shared/table/scan.ts';
import type { Table } from '#shared/table/table.ts';
import { soundex } from '#shared/text/soundex.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { readKnownCustomer } from './known-customer.ts';
import { findCandidates } from './rules/candidates.ts';
import { emptyLevels, PairComparer } from './rules/compare-pair.ts';
import { estimateWeights } from './rules/estimate-weights.ts';
import { rowsOf } from './rules/known-person.ts';
import type { PersonRow } from './rules/person-columns.ts';
import { readPersons } from './rules/person-values.ts';
import { randomShares } from './rules/random-pairs.ts';
import { tableOfRecords } from './rules/record-table.ts';
import type { Weights } from './rules/weights.ts';
import { keepMatchWeights } from './store/match-weights.ts';

/** Fewer customers show nothing that holds for others. */
export const fewestCustomers = 100;
/** Most that are held in memory at once. */
const mostLearnedFrom = 20_000;
const mostStrangers = 5_000;

/** 0 to 1, the same for the same text. */
const unitOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;

/** Rows whose number is below a bound; the bound is halved as often as they grow too many, so the order they come in is all one. */
class Sample {
  #rows: { readonly row: PersonRow; readonly unit: number }[] = [];
  readonly #most: number;
  share = 1;

  constructor(most: number) {
    this.#most = most;
  }

  add(row: PersonRow, unit: number): void {
    if (unit >= this.share) return;
    this.#rows.push({ row, unit });
    while (this.#rows.length > this.#most) {
      this.share /= 2;
      this.#rows = this.#rows.filter((one) => one.unit < this.share);
    }
  }

  rows(): readonly PersonRow[] {
    return this.#rows.map(({ row }) => row);
  }
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/**
 * Weights from rows. Of many, those whose family names sound alike are taken together, since pairs of one person must stay pairs;
 * what strangers share is learned from rows drawn evenly.
 */
const learn = (alike: Sample, drawn: Sample, customers: number): Weights => {
  const table = tableOfRecords(readPersons(alike.rows()), undefined);
  const comparer = new PairComparer(table);
  const candidates = findCandidates(table);
  const count = candidates.left.length;
  const levels = emptyLevels(count);
  for (let pair = 0; pair < count; pair += 1)
    comparer.compare(candidates.left[pair] ?? 0, candidates.right[pair] ?? 0, levels, pair);
  const strangers = alike.share === 1 ? table : tableOfRecords(readPersons(drawn.rows()), undefined);
  const random = randomShares(strangers, strangers === table ? comparer : new PairComparer(strangers));
  return estimateWeights(table, levels, count, Math.max(1, alike.share * pairsOf(customers)), random);
};

export interface TrainWeightsDeps {
  readonly profile: Table;
  readonly now: () => number;
}

/** What was learned, and from how many. */
export interface Trained {
  readonly customers: number;
  readonly trainedAt: string;
  /** Share of pairs of records that are of one customer. */
  readonly matches: number;
  readonly rounds: number;
}

/** Estimates the matcher's weights on the stored customers and keeps them; the same customers give the same weights. */
export const trainWeights = async ({ profile, now }: TrainWeightsDeps): Promise<Trained> => {
  const alike = new Sample(mostLearnedFrom);
  const drawn = new Sample(mostStrangers);
  let customers = 0;
  for await (const item of scanItems(profile, { consistent: true })) {
    const subject = item.sk === 'HEAD' ? subjectOfPartition(item.pk) : undefined;
    if (subject === undefined || subjectKindOf(subject) !== 'customer') continue;
    const { person } = await readKnownCustomer(profile, subject);
    const [row] = person === undefined || person.organisation ? [] : rowsOf(person);
    if (row === undefined) continue;
    customers += 1;
    const [values] = readPersons([row]);
    alike.add(row, unitOf(soundex(values?.family ?? '')));
    drawn.add(row, unitOf(subject));
  }
  if (customers < fewestCustomers)
    throw new DomainError(
      'conflict',
      'match.too-few',
      `There are fewer than ${fewestCustomers} customers to learn from.`,
    );
  const weights = learn(alike, drawn, customers);
  const trainedAt = new Date(now()).toISOString();
  await keepMatchWeights(profile, weights, trainedAt, customers);
  return { customers, trainedAt, matches: weights.matches, rounds: weights.rounds };
};
