import { soundex } from '#shared/text/soundex.ts';
import { emailUserOf } from './plain-values.ts';
import { mayPair, type RecordTable, valueAt } from './record-table.ts';

/** Pairs worth comparing: `left[i]` and `right[i]` are the records of the pair i, left before right, pairs ascending. */
export interface Candidates {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/** Most records that may share a key; one that more share tells too little and would cost too much. */
const mostOfKey = 40;
const mostOfWord = 10;
const fewestLetters = 4;

/** What of a record may lead to another. */
type Keys = (record: number) => readonly string[];

const passes = (table: RecordTable): readonly { readonly keys: Keys; readonly most: number }[] => {
  const text = (field: Parameters<typeof table.columns.get>[0], record: number): string =>
    valueAt(table.columns.get(field), record)?.text ?? '';
  const names = (record: number): readonly string[] =>
    [text('given', record), text('family', record)].filter((name) => name !== '');
  const sounds = (record: number): readonly string[] => names(record).map(soundex);
  const together = (first: string, others: readonly string[]): readonly string[] =>
    first === '' ? [] : others.filter((other) => other !== '').map((other) => `${first} ${other}`);
  const whole = (...fields: Parameters<typeof text>[0][]): Keys => {
    return (record) => {
      const parts = fields.map((field) => text(field, record));
      return parts.includes('') ? [] : [parts.join(' ')];
    };
  };
  const oneSignLess = (record: number): readonly string[] => {
    const id = text('nationalId', record);
    return id.length < 5 ? [] : [id, ...Array.from(id, (_, at) => id.slice(0, at) + id.slice(at + 1))];
  };
  const words = (record: number): readonly string[] =>
    (['given', 'family', 'street', 'line2', 'town', 'email'] as const).flatMap((field) =>
      text(field, record)
        .split(/[^\p{L}\p{M}\p{N}]+/u)
        .filter((word) => word.length >= fewestLetters),
    );
  const emailEnds = (record: number): readonly string[] => {
    const user = emailUserOf(text('email', record));
    return user.length < 5 ? [] : [`<${user.slice(0, 5)}`, `${user.slice(-5)}>`];
  };
  const sorted = (record: number): readonly string[] => {
    const both = sounds(record);
    return both.length < 2 ? [] : [both.toSorted().join(' ')];
  };
  const day = (record: number): string => text('birthDate', record);
  const usual = (keys: Keys) => ({ keys, most: mostOfKey });
  return [
    usual(whole('nationalId')),
    usual(whole('phone')),
    usual(whole('email')),
    usual((record) => together(day(record), sounds(record))),
    usual(whole('birthDate')),
    usual((record) =>
      together(
        text('postcode', record),
        names(record).map((name) => name.slice(0, 3)),
      ),
    ),
    usual(sorted),
    { keys: words, most: mostOfWord },
    usual(whole('postcode', 'number')),
    usual(whole('number', 'street')),
    usual((record) => together(text('town', record).slice(0, 4), sounds(record))),
    usual(oneSignLess),
    usual((record) =>
      together(
        day(record).slice(0, 4),
        names(record).map((name) => name.slice(0, 4)),
      ),
    ),
    usual(emailEnds),
  ];
};

const blocksOf = (table: RecordTable, keys: Keys): Iterable<readonly number[]> => {
  const blocks = new Map<string, number[]>();
  for (let record = 0; record < table.size; record += 1)
    for (const key of new Set(keys(record))) {
      const block = blocks.get(key);
      if (block === undefined) blocks.set(key, [record]);
      else block.push(record);
    }
  return blocks.values();
};

/** The pairs that share a key of some pass. */
export const findCandidates = (table: RecordTable): Candidates => {
  const found = new Set<number>();
  for (const { keys, most } of passes(table))
    for (const block of blocksOf(table, keys)) {
      if (block.length > most) continue;
      for (const [place, left] of block.entries())
        for (const right of block.slice(place + 1))
          if (mayPair(table, left, right)) found.add(left * table.size + right);
    }
  const pairs = Float64Array.from(found).sort();
  return {
    left: Int32Array.from(pairs, (pair) => Math.floor(pair / table.size)),
    right: Int32Array.from(pairs, (pair) => pair % table.size),
  };
};
