import type { Table } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { readWords } from './gather-words.ts';
import { type Evidence, wordReasons } from './rules/evidence.ts';
import { type ExactQuestion, isAskedFor } from './rules/exact-questions.ts';
import type { Interpretation } from './rules/interpret.ts';
import type { Span } from './rules/pieces.ts';
import type { Reason, ReasonKey } from './rules/reasons.ts';
import { guessableKinds } from './rules/search-keys.ts';
import type { SearchHash } from './store/search-hash.ts';
import { type Entries, lookUpExact } from './store/search-lookup.ts';

/** What speaks for each thing found; `cut` where a key held more than was read. */
export interface Gathered {
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
  readonly cut: boolean;
}

export interface GatheringScope {
  readonly table: Table;
  readonly hash: SearchHash;
  /** Whether parts of values that are soon tried out lead anywhere: ends of numbers, e-mail addresses without their domain. */
  readonly mayGuess: boolean;
  /** Which kinds of reason the caller may search by. */
  readonly mayUse: (key: ReasonKey) => boolean;
}

class Evidences {
  readonly #byFound = new Map<string, Evidence[]>();
  #cut = false;
  readonly #mayUse: (key: ReasonKey) => boolean;

  constructor(mayUse: (key: ReasonKey) => boolean) {
    this.#mayUse = mayUse;
  }

  /** Reasons of words are compared word by word; all others speak for the words that were read as their value. */
  add(found: string, reasons: readonly Reason[], asked?: Span & { readonly meets?: number }): void {
    const allowed = reasons.filter(([key]) => this.#mayUse(key));
    if (allowed.length === 0) return;
    const pieces = this.#byFound.get(found) ?? [];
    for (const reason of allowed) {
      if (asked === undefined || wordReasons.has(reason[0])) pieces.push({ reason });
      else
        pieces.push({
          reason,
          span: { from: asked.from, to: asked.to },
          ...(asked.meets === undefined ? {} : { meets: asked.meets }),
        });
    }
    this.#byFound.set(found, pieces);
  }

  addEntries({ entries, cut }: Entries, asked?: ExactQuestion): void {
    this.#cut ||= cut;
    const fits = ([, shown]: Reason): boolean => asked === undefined || isAskedFor(asked, shown);
    for (const { found, says } of entries) this.add(found, says.filter(fits), asked);
  }

  done(): Gathered {
    return { evidence: this.#byFound, cut: this.#cut };
  }
}

const subjectKinds: ReadonlySet<string | undefined> = new Set(['customer', 'account', 'premise']);

const gatherIds = (question: Interpretation, into: Evidences): void => {
  for (const asked of question.ids)
    if (subjectKinds.has(kindOf(asked.id))) into.add(asked.id, [['id', asked.id]], asked);
};

const gatherExact = async (scope: GatheringScope, question: Interpretation, into: Evidences): Promise<void> => {
  const reads = new Map<string, Promise<Entries>>();
  const read = (asked: ExactQuestion): Promise<Entries> => {
    const name = `${asked.kind} ${asked.value}`;
    const known = reads.get(name) ?? lookUpExact(scope.table, scope.hash, asked);
    reads.set(name, known);
    return known;
  };
  const allowed = question.exact.filter((asked) => scope.mayGuess || !guessableKinds.has(asked.kind));
  const answers = await Promise.all(allowed.map(async (asked) => ({ asked, entries: await read(asked) })));
  for (const { asked, entries } of answers) into.addEntries(entries, asked);
};

/** Everything that the question's readings find, by bounded reads: see `gatheringLimits` and `searchLimits`. */
export const gatherEvidence = async (scope: GatheringScope, question: Interpretation): Promise<Gathered> => {
  const into = new Evidences(scope.mayUse);
  gatherIds(question, into);
  const [words] = await Promise.all([
    scope.mayUse('name') || scope.mayUse('address') ? readWords(scope.table, question) : [],
    gatherExact(scope, question, into),
  ]);
  for (const entries of words) into.addEntries(entries);
  return into.done();
};
