import type { AnswerMark, FieldView } from '#shared/domain/access/field-matrix.ts';
import { type Interpretation, interpret, mostAskedWords } from '#shared/domain/search/interpret.ts';
import { compareHits, type Evidence, type Judgement, judgeOf } from '#shared/domain/search/judge.ts';
import type { Country } from '#shared/domain/search/phone.ts';
import type { ReasonKey } from '#shared/domain/search/search-keys.ts';
import { customersOf } from '#shared/store/search-lookup.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { gatherEvidence } from './gather-evidence.ts';

/** What a hit shows of a customer. */
export interface Described {
  readonly id: string;
  readonly name: string;
  readonly accounts: readonly string[];
  /** Accounts that they have left. */
  readonly former: readonly string[];
  readonly address: string | undefined;
}

export interface SearchDependencies {
  /** The profile table. */
  readonly table: Table;
  /** Country of phone numbers written without a country code. */
  readonly country: Country;
  /** Customers as a hit shows them, in any order; those that are no more are left out. At most 100 ids are asked for at once. */
  describe(customers: readonly string[]): Promise<readonly Described[]>;
}

export interface SearchQuestion {
  readonly q: string;
  /** Hits on a page, from 1. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** What the caller sees: nothing is found by a field that is hidden. */
  readonly view: FieldView;
  /** Where given, only these customers may be found. */
  readonly only?: ReadonlySet<string> | undefined;
}

export interface SearchHit extends Described {
  readonly score: number;
  readonly matchedOn: readonly { readonly key: ReasonKey; readonly value: string }[];
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
  /** Accounts and premises whose customers are looked up. */
  resolved: 100,
  /** Customers found by a part of the question whose name and address are read for the rest. */
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

interface Candidate extends Judgement {
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

/** The fewest words missing first. */
const compareCandidates = (left: Candidate, right: Candidate): number =>
  left.missing.length - right.missing.length || compareHits(left, right);

/**
 * Customers that lack some word, those worth a look first: the fewest words missing, then those of whom there are few alike.
 * Five of one name tell more than a hundred of one postcode.
 */
const worthCompleting = (customers: readonly Candidate[]): readonly Candidate[] => {
  const partly = customers.filter(({ missing }) => missing.length > 0);
  const alike = new Map<string, number>();
  for (const { missing } of partly) alike.set(missing.join(' '), (alike.get(missing.join(' ')) ?? 0) + 1);
  const crowd = ({ missing }: Candidate): number => alike.get(missing.join(' ')) ?? 0;
  return partly
    .sort(
      (left, right) =>
        left.missing.length - right.missing.length || crowd(left) - crowd(right) || compareHits(left, right),
    )
    .slice(0, searchBounds.completed);
};

/**
 * Evidence by customer: accounts and premises lead to those whose view holds them, the best of them first.
 * @param formerToo accounts lead to those who have left, too; to a customer who asks that would tell of what came after them
 */
const byCustomer = async (
  table: Table,
  found: readonly Candidate[],
  formerToo: boolean,
): Promise<{ readonly evidence: ReadonlyMap<string, readonly Evidence[]>; readonly cut: boolean }> => {
  const own = found.filter(({ id }) => kindOf(id) === 'customer');
  const others = found.filter(({ id }) => kindOf(id) !== 'customer').sort(compareCandidates);
  const resolved = await Promise.all(
    others
      .slice(0, searchBounds.resolved)
      .map(async ({ id, evidence }) => ({ evidence, customers: await customersOf(table, id, formerToo) })),
  );
  const all = new Map<string, readonly Evidence[]>(own.map(({ id, evidence }) => [id, evidence]));
  for (const { evidence, customers } of resolved) {
    for (const customer of customers) all.set(customer, [...(all.get(customer) ?? []), ...evidence]);
  }
  return { evidence: all, cut: others.length > searchBounds.resolved };
};

const positionOf = ({ score, id }: { readonly score: number; readonly id: string }): string =>
  `${score.toFixed(3)} ${id}`;

const readPosition = (text: string): { readonly score: number; readonly id: string } => {
  const [score = '', id = ''] = text.split(' ');
  if (!/^[01]\.\d{3}$/.test(score) || kindOf(id) !== 'customer') {
    throw new DomainError('syntax', 'cursor.invalid', 'The cursor is not valid here; start again without one.');
  }
  return { score: Number(score), id };
};

/** What a caller may see of each customer, read once. */
const describing = ({
  describe,
}: SearchDependencies): ((ids: readonly string[]) => Promise<ReadonlyMap<string, Described>>) => {
  const known = new Map<string, Described>();
  return async (ids) => {
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length > 0) for (const described of await describe(unknown)) known.set(described.id, described);
    return known;
  };
};

/**
 * Finds customers. Each word of the question must be met by something of the customer, an account or a premise; exact hits come
 * before all others. The number of reads is bounded, whatever is stored. Throws DomainError('invalid') for a question that is
 * too short or too long, DomainError('syntax') for a foreign position.
 */
export const searchCustomers = async (
  dependencies: SearchDependencies,
  asked: SearchQuestion,
): Promise<SearchAnswer> => {
  const question = understand(asked.q, dependencies.country);
  const after = asked.after === undefined ? undefined : readPosition(asked.after);
  const mayUse = (key: ReasonKey): boolean => ['shown', 'masked'].includes(asked.view[marks[key]]);
  const judge = judgeOf(question);
  const candidate = (id: string, evidence: readonly Evidence[]): Candidate => ({ id, evidence, ...judge(evidence) });

  const gathered = await gatherEvidence({ table: dependencies.table, mayUse }, question);
  const found = [...gathered.evidence].map(([id, evidence]) => candidate(id, evidence));
  const joined = await byCustomer(dependencies.table, found, asked.only === undefined);
  const customers = [...joined.evidence]
    .filter(([id]) => asked.only === undefined || asked.only.has(id))
    .map(([id, evidence]) => candidate(id, evidence));

  const describe = describing(dependencies);
  let cut = gathered.cut || joined.cut;
  const hits = customers.filter(({ missing }) => missing.length === 0);
  if (hits.length === 0 || (cut && hits.length < searchBounds.enough)) {
    const partly = worthCompleting(customers);
    const known = await describe(partly.map(({ id }) => id));
    for (const { id, evidence } of partly) {
      const told = candidate(id, [...evidence, ...whatIsTold(known.get(id), mayUse)]);
      if (told.missing.length === 0) hits.push(told);
    }
  }
  hits.sort(compareHits);
  cut ||= hits.length > searchBounds.hits;
  const rest = hits.slice(0, searchBounds.hits).filter((hit) => after === undefined || compareHits(after, hit) < 0);
  const page = rest.slice(0, asked.limit);
  const last = page.at(-1);
  const known = await describe(page.map(({ id }) => id));
  return {
    data: page.flatMap((hit) => {
      const described = known.get(hit.id);
      const matchedOn = hit.because.map(([key, value]) => ({ key, value }));
      return described === undefined ? [] : [{ ...described, score: hit.score, matchedOn }];
    }),
    next: last !== undefined && rest.length > page.length ? positionOf(last) : null,
    cut,
  };
};

const whatIsTold = (described: Described | undefined, mayUse: (key: ReasonKey) => boolean): readonly Evidence[] => {
  if (described === undefined) return [];
  return [
    ...(mayUse('name') ? [{ reason: ['name', described.name] as const }] : []),
    ...(mayUse('address') && described.address !== undefined
      ? [{ reason: ['address', described.address] as const }]
      : []),
  ];
};
