import type { AskedWord, ExactQuestion, Interpretation, Span } from '#shared/domain/search/interpret.ts';
import { type Evidence, wordReasons } from '#shared/domain/search/judge.ts';
import { rememberingMeeting } from '#shared/domain/search/meeting.ts';
import { pairOf, type Reason, type ReasonKey } from '#shared/domain/search/search-keys.ts';
import { shardsOfQuestion } from '#shared/domain/search/vocabulary.ts';
import { type Entries, lookUpExact, lookUpVocabulary, lookUpWord } from '#shared/store/search-lookup.ts';
import type { Table } from '#shared/store/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';

/** Most reads that one question may cause, whatever is stored. */
export const gatheringLimits = {
  /** Words that are looked up; the others are compared with what these find. */
  lookedUp: 4,
  /** Words of the vocabulary that one asked word may mean, besides itself. */
  meanings: 8,
  /** Neighbouring words that are looked up as one. */
  joined: 4,
  /** Pairs of words that are read where each alone is too common. */
  pairs: 24,
} as const;

/** What speaks for each thing found; `cut` where a key held more than was read. */
export interface Gathered {
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
  readonly cut: boolean;
}

export interface GatheringScope {
  readonly table: Table;
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
  add(found: string, reasons: readonly Reason[], span?: Span): void {
    const allowed = reasons.filter(([key]) => this.#mayUse(key));
    if (allowed.length === 0) return;
    const pieces = this.#byFound.get(found) ?? [];
    for (const reason of allowed) {
      if (span === undefined || wordReasons.has(reason[0])) pieces.push({ reason });
      else pieces.push({ reason, span: { from: span.from, to: span.to } });
    }
    this.#byFound.set(found, pieces);
  }

  addEntries({ entries, cut }: Entries, asked?: ExactQuestion): void {
    this.#cut ||= cut;
    const shows = asked?.shows;
    for (const { found, says } of entries) {
      this.add(found, shows === undefined ? says : says.filter(([, shown]) => shown.startsWith(shows)), asked);
    }
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

const gatherExact = async ({ table }: GatheringScope, question: Interpretation, into: Evidences): Promise<void> => {
  const reads = new Map<string, Promise<Entries>>();
  const read = (asked: ExactQuestion): Promise<Entries> => {
    const name = `${asked.kind} ${asked.value}`;
    const known = reads.get(name) ?? lookUpExact(table, asked);
    reads.set(name, known);
    return known;
  };
  const answers = await Promise.all(question.exact.map(async (asked) => ({ asked, entries: await read(asked) })));
  for (const { asked, entries } of answers) into.addEntries(entries, asked);
};

/** The words that are looked up: those that tell most, long before short; street types and numbers only where there are no others. */
const lookedUp = (question: Interpretation): readonly AskedWord[] => {
  const telling = question.words.filter(({ role }) => role === 'word');
  const chosen =
    telling.length > 0 ? telling : question.words.filter(({ role }) => role === 'type' || role === 'number');
  const distinct = [...new Map(chosen.map((asked) => [asked.text, asked])).values()];
  return distinct.sort((left, right) => right.text.length - left.text.length).slice(0, gatheringLimits.lookedUp);
};

/** Words that an asked word may mean, the likeliest first: itself, then what is kept that is written or sounds like it. */
const meaningsOf = async (
  table: Table,
  asked: AskedWord,
  meeting: (asked: string, kept: string) => number,
): Promise<readonly string[]> => {
  const shards = await Promise.all(
    shardsOfQuestion(asked.text).map((shard) => lookUpVocabulary(table, shard, asked.text)),
  );
  const itself = [...new Set([asked.text, asked.address])];
  const likely = [...new Set(shards.flatMap(({ words }) => words))]
    .filter((word) => !itself.includes(word))
    .map((word) => ({ word, value: meeting(asked.text, word) }))
    .filter(({ value }) => value > 0)
    .sort((left, right) => right.value - left.value || (left.word < right.word ? -1 : 1))
    .slice(0, gatheringLimits.meanings);
  return [...itself, ...likely.map(({ word }) => word)];
};

/** Neighbouring words as one, where a blank may stand by mistake: "soph ie", "mac donald". */
const joinedOf = (question: Interpretation): readonly string[] =>
  question.words
    .flatMap((word, place) => {
      const next = question.words[place + 1];
      const written = next !== undefined && [word, next].every(({ role }) => role !== 'number' && role !== 'part');
      return written ? [`${word.text}${next.text}`] : [];
    })
    .slice(0, gatheringLimits.joined);

/** House numbers, each with the word before it and the two after it: "12 High Street", "Hauptstrasse 12". */
const houses = (question: Interpretation, complete: ReadonlySet<string>): readonly string[] => {
  const words = question.words.filter(({ role }) => role !== 'light');
  return words.flatMap((number, place) => {
    if (number.role !== 'number') return [];
    return [words[place + 1], words[place + 2], words[place - 1]].flatMap((word) =>
      word === undefined || word.role === 'number' || word.role === 'part' || complete.has(word.address)
        ? []
        : [pairOf(number.text, word.address)],
    );
  });
};

/** Pairs of common words that were asked side by side, and of house numbers with them; the likeliest first. */
const commonPairs = (question: Interpretation, common: readonly (readonly string[])[]): readonly string[] => {
  const numbers = question.words.filter(({ role }) => role === 'number').map(({ text }) => text);
  const pairs: { readonly pair: string; readonly rank: number }[] = [];
  for (const [place, words] of common.entries()) {
    for (const [rank, word] of words.entries()) {
      for (const others of common.slice(place + 1)) {
        for (const [otherRank, other] of others.entries())
          pairs.push({ pair: pairOf(word, other), rank: rank + otherRank });
      }
      for (const number of numbers) pairs.push({ pair: pairOf(number, word), rank: rank + 0.5 });
    }
  }
  pairs.sort((left, right) => left.rank - right.rank || (left.pair < right.pair ? -1 : 1));
  return pairs.map(({ pair }) => pair);
};

const gatherWords = async ({ table }: GatheringScope, question: Interpretation, into: Evidences): Promise<void> => {
  const meeting = rememberingMeeting();
  const asked = lookedUp(question);
  const meanings = await Promise.all(asked.map((word) => meaningsOf(table, word, meeting)));
  const words = [...new Set([...meanings.flat(), ...joinedOf(question)])];
  // Awaited together: a read that fails while an earlier one is awaited would be a rejection that nobody handles.
  const reads = await Promise.all(words.map((word) => lookUpWord(table, 'word', word)));
  const cut = new Set<string>();
  for (const [place, entries] of reads.entries()) {
    into.addEntries(entries);
    if (entries.cut) cut.add(words[place] ?? '');
  }
  // A street type is looked up for names alone: it leads to addresses only beside a house number.
  const types = new Set(question.words.filter(({ role }) => role === 'type').map(({ address }) => address));
  const complete = new Set(words.filter((word) => !cut.has(word) && !types.has(word)));
  const common = meanings.map((words) => words.filter((word) => cut.has(word)));
  const pairs = [...new Set([...houses(question, complete), ...commonPairs(question, common)])];
  const paired = await Promise.all(
    pairs.slice(0, gatheringLimits.pairs).map((pair) => lookUpWord(table, 'pair', pair)),
  );
  for (const entries of paired) into.addEntries(entries);
};

/** Everything that the question's readings find, by bounded reads: see `gatheringLimits` and `searchLimits`. */
export const gatherEvidence = async (scope: GatheringScope, question: Interpretation): Promise<Gathered> => {
  const into = new Evidences(scope.mayUse);
  gatherIds(question, into);
  await Promise.all([
    gatherExact(scope, question, into),
    scope.mayUse('name') || scope.mayUse('address') ? gatherWords(scope, question, into) : undefined,
  ]);
  return into.done();
};
