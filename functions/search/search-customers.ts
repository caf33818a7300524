import type { AnswerMark, FieldView } from '#shared/access/field-matrix.ts';
import type { Table } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { type Candidate, type Judging, judging, worthCompleting } from './candidates.ts';
import { type Described, type Describing, describing } from './describing.ts';
import { evidenceByCustomer } from './evidence-by-customer.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { rankHits } from './rank-hits.ts';
import type { Evidence } from './rules/evidence.ts';
import { type Interpretation, interpret, mostAskedWords } from './rules/interpret.ts';
import { judgeOf } from './rules/judge.ts';
import { type Ahead, aheadBy, compareRanks, type Rank, readRank, writeRank } from './rules/order.ts';
import { isFormer, type ReasonKey } from './rules/reasons.ts';
import { unmetOf } from './rules/unmet.ts';
import type { SearchHash } from './store/search-hash.ts';

export interface SearchDependencies {
  /** The profile table. */
  readonly table: Table;
  /** Hashes of the values that are found whole. */
  readonly hash: SearchHash;
  /** Country of phone numbers written without a country code. */
  readonly country: Country;
  /** The utility's local date. */
  readonly today: () => string;
}

export interface SearchQuestion {
  readonly q: string;
  /** Hits on a page, from 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** What the caller sees: nothing is found by a field that is hidden. */
  readonly view: FieldView;
  /** Where given, only these customers may be found, and by nothing that was. */
  readonly only?: ReadonlySet<string> | undefined;
}

export interface SearchHit extends Described {
  readonly score: number;
  readonly matchedOn: readonly { readonly key: ReasonKey; readonly value: string; readonly former?: true }[];
  /** Words that nothing of this customer met, where nobody meets them all. */
  readonly unmet: readonly string[];
  /** By what it goes before the next; undefined of the last. */
  readonly ahead: Ahead | undefined;
}

/** A page of hits. Values stand in clear: the edge shows or masks them by the marks of the route. */
export interface SearchAnswer {
  readonly data: readonly SearchHit[];
  readonly next: string | null;
  /** More may match than was looked at: a more precise question finds them. */
  readonly cut: boolean;
}

/** Bounds of a search, beside those of gathering. */
export const searchBounds = {
  /** Characters of a question. */
  question: 200,
  /** Hits over all pages. */
  hits: 200,
  /** Accounts and premises whose customers are looked up, those asked who was there before among them. */
  resolved: 100,
  /** Customers whose name and address are read besides those shown: to meet the rest of the question, and to order what is alike. */
  completed: 100,
  /** With so many hits a cut answer is not completed further. */
  enough: 25,
} as const;

const marks: Readonly<Record<ReasonKey, AnswerMark>> = {
  name: 'name',
  phone: 'listed',
  email: 'listed',
  postcode: 'contact',
  address: 'contact',
  serial: 'plain',
  account: 'plain',
  bill: 'financial',
  reference: 'plain',
  id: 'plain',
};

const invalid = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { errors: [{ pointer: '/q', code, message }] });

/** Reads the question; throws DomainError('invalid') where it is too short or too long to find by. */
const understand = (q: string, country: Country): Interpretation => {
  const signs = Array.from(q.trim()).length;
  if (signs < 2) throw invalid('search.too-short', 'must have at least two characters');
  if (signs > searchBounds.question)
    throw invalid('search.too-long', `must have at most ${searchBounds.question} characters`);
  const question = interpret(q, { country });
  if (question.words.length === 0) throw invalid('search.too-short', 'must hold a letter or a digit');
  if (question.words.length > mostAskedWords)
    throw invalid('search.too-long', `must have at most ${mostAskedWords} words`);
  return question;
};

const readPosition = (text: string): Rank => {
  const rank = readRank(text);
  if (rank === undefined || kindOf(rank.id) !== 'customer')
    throw new DomainError('syntax', 'cursor.invalid', 'The cursor is not valid here; start again without one.');
  return rank;
};

type MayUse = (key: ReasonKey) => boolean;

const whatIsTold = (described: Described | undefined, mayUse: MayUse): readonly Evidence[] => {
  if (described === undefined) return [];
  return [
    ...(mayUse('name') ? [{ reason: ['name', described.name] as const }] : []),
    ...(mayUse('address') && described.address !== undefined
      ? [{ reason: ['address', described.address] as const }]
      : []),
  ];
};

/** What may be said of names and addresses of before: to those who see the ones of now in full, and never to customers. */
const withoutFormer = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter(({ reason }) => !isFormer(reason));

/** Those who meet every word; where nobody does, those of whom what was met tells enough. */
const hitsOf = (question: Interpretation, candidates: readonly Candidate[]): readonly Candidate[] => {
  const whole = candidates.filter(({ missing }) => missing.length === 0);
  if (whole.length > 0) return whole;
  return candidates.flatMap((one) => {
    const unmet = unmetOf(question, one);
    return unmet === undefined ? [] : [{ ...one, unmet }];
  });
};

/** Candidates that lack some word, with their names and addresses for the rest; `read` counts whose were read. */
const completed = async (
  candidates: readonly Candidate[],
  isCut: boolean,
  { views, candidate, mayUse }: Judging & { readonly views: Describing; readonly mayUse: MayUse },
): Promise<{ readonly candidates: readonly Candidate[]; readonly read: number }> => {
  const whole = candidates.filter(({ missing }) => missing.length === 0);
  if (whole.length > 0 && !(isCut && whole.length < searchBounds.enough)) return { candidates, read: 0 };
  const partly = worthCompleting(candidates, searchBounds.completed);
  const known = await views.describe(partly.map(({ id }) => id));
  const told = new Map(
    partly.map(({ id, evidence }) => [id, candidate(id, [...evidence, ...whatIsTold(known.get(id), mayUse)])] as const),
  );
  return { candidates: candidates.map((one) => told.get(one.id) ?? one), read: partly.length };
};

/**
 * Finds customers. Each word of the question must be met by something of the customer, an account or a premise; where nobody meets
 * all, those who lack some are told with these. Exact hits come before all others. The number of reads is bounded, whatever is stored.
 * Throws DomainError('invalid') for a question that is too short or too long, DomainError('syntax') for a foreign position.
 */
export const searchCustomers = async (
  dependencies: SearchDependencies,
  asked: SearchQuestion,
): Promise<SearchAnswer> => {
  const { table, hash } = dependencies;
  const question = understand(asked.q, dependencies.country);
  const after = asked.after === undefined ? undefined : readPosition(asked.after);
  const mayUse = (key: ReasonKey): boolean => ['shown', 'masked'].includes(asked.view[marks[key]]);
  const formerToo = asked.only === undefined && asked.view.identity === 'shown';
  const mayGuess = asked.only === undefined && mayUse('phone');
  const judged = judging(judgeOf(question));

  const gathered = await gatherEvidence({ table, hash, mayUse, mayGuess }, question);
  const found = [...gathered.evidence].map(([id, evidence]) =>
    judged.candidate(id, formerToo ? evidence : withoutFormer(evidence)),
  );
  const joined = await evidenceByCustomer(table, found, {
    most: searchBounds.resolved,
    formerToo: asked.only === undefined,
    formerPlaces: formerToo && mayUse('address'),
  });
  const customers = [...joined.evidence]
    .filter(([id]) => asked.only === undefined || asked.only.has(id))
    .map(([id, evidence]) => judged.candidate(id, evidence));

  const views = describing(table, dependencies.today());
  const isCut = gathered.cut || joined.cut;
  const all = await completed(customers, isCut, { ...judged, views, mayUse });
  const hits = hitsOf(question, all.candidates);
  const ranked = await rankHits(hits, views, searchBounds.completed - all.read);
  const rest = ranked.slice(0, searchBounds.hits);
  const from = after === undefined ? 0 : rest.findIndex(({ rank }) => compareRanks(after, rank) < 0);
  const page = from < 0 ? [] : rest.slice(from, from + asked.limit);
  const last = page.at(-1);
  const known = await views.describe(page.map(({ hit }) => hit.id));
  return {
    data: page.flatMap(({ hit, rank }, place) => {
      const described = known.get(hit.id);
      if (described === undefined) return [];
      const following = rest[from + place + 1];
      const matchedOn = hit.because.map((reason) => ({
        key: reason[0],
        value: reason[1],
        ...(isFormer(reason) ? { former: true as const } : {}),
      }));
      const ahead = following === undefined ? undefined : aheadBy(rank, following.rank);
      return [{ ...described, score: hit.score, matchedOn, unmet: hit.unmet ?? [], ahead }];
    }),
    next: last !== undefined && from + page.length < rest.length ? writeRank(last.rank) : null,
    cut: isCut || ranked.length > searchBounds.hits,
  };
};
