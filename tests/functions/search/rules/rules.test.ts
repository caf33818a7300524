import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '#functions/search/rules/evidence.ts';
import { mostExactQuestions } from '#functions/search/rules/exact-questions.ts';
import { interpret } from '#functions/search/rules/interpret.ts';
import { judgeOf } from '#functions/search/rules/judge.ts';
import { nameMeeting, wordMeeting } from '#functions/search/rules/meeting.ts';
import { aheadBy, compareRanks, type Rank, readRank, writeRank } from '#functions/search/rules/order.ts';
import type { Reason } from '#functions/search/rules/reasons.ts';
import { nameWords, type SearchSubject, searchKeys } from '#functions/search/rules/search-keys.ts';
import { oneUnmet, unmetOf } from '#functions/search/rules/unmet.ts';
import { shardsOfQuestion, shardsOfWord } from '#functions/search/rules/vocabulary.ts';

const keysOf = (subject: SearchSubject) => searchKeys(subject, { country: 'GB' });
const asked = (q: string) => interpret(q, { country: 'GB' });

describe('keys of a subject', () => {
  it('name each value once, with all that it says', () => {
    expect(
      keysOf({
        phones: ['01632 960123', '+44 1632 960123'],
        accountNumbers: ['000123-45'],
        references: [{ namespace: 'billing', value: '00012345' }],
        postcodes: ['ZZ1 4QS'],
        addresses: ['12 Quay Street, Saltmouth, zz1 4qs'],
      }).exact,
    ).toEqual([
      ...['012345', '12345', '2345'].map((value) => ({
        kind: 'account-tail',
        value,
        says: [['account', '000123-45']],
      })),
      { kind: 'area', value: 'ZZ1', says: [['postcode', 'ZZ1 4QS']] },
      {
        kind: 'code',
        value: '00012345',
        says: [
          ['account', '000123-45'],
          ['reference', 'billing:00012345'],
        ],
      },
      { kind: 'phone', value: '1632960123', says: [['phone', '+441632960123']] },
      ...['0123', '60123', '960123'].map((value) => ({
        kind: 'phone-tail',
        value,
        says: [['phone', '+441632960123']],
      })),
      {
        kind: 'postcode',
        value: 'ZZ14QS',
        says: [
          ['address', '12 Quay Street, Saltmouth, zz1 4qs'],
          ['postcode', 'ZZ1 4QS'],
        ],
      },
    ]);
  });

  it('of a name are its words and their pairs, titles and joining words left out', () => {
    expect(keysOf({ names: ['Mrs Olivia Smith'] }).words.map(({ form, word }) => `${form} ${word}`)).toEqual([
      'pair olivia smith',
      'word olivia',
      'word smith',
    ]);
    expect(nameWords('Mr Prof')).toEqual(['mr', 'prof']);
    expect(nameWords('St John Bakery & Sons Ltd')).toEqual(['saint', 'john', 'bakery', 'sons']);
  });

  it('of a name that was say so, behind what holds now', () => {
    const { words } = keysOf({ names: ['Ann Lee'], formerNames: ['Ann Moore'] });
    expect(words.find(({ word }) => word === 'ann')?.says).toEqual([
      ['name', 'Ann Lee'],
      ['name', 'Ann Moore', 'former'],
    ]);
  });

  it('are a set: order and repetition of values change nothing', () => {
    const names = fc.array(fc.constantFrom('Ann Lee', 'Lee Ann', 'Ann', 'Bo Lee'), { maxLength: 4 });
    fc.assert(
      fc.property(
        names,
        fc.array(fc.constantFrom('01632 960123', '960124', '1632960123'), { maxLength: 4 }),
        (some, phones) => {
          const keys = keysOf({ names: some, phones });
          expect(keysOf({ names: some.toReversed(), phones: [...phones, ...phones] })).toEqual(keys);
          const places = [
            ...keys.exact.map(({ kind, value }) => `${kind} ${value}`),
            ...keys.words.map((key) => `${key.kind} ${key.form} ${key.word}`),
          ];
          expect(new Set(places).size).toBe(places.length);
        },
      ),
    );
  });
});

describe('the vocabulary', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdeilmnorstu'), minLength: 5, maxLength: 12 });

  it('keeps at most eleven entries of a word', () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(shardsOfWord(text).length).toBeLessThanOrEqual(11);
        expect(shardsOfQuestion(text).length).toBeLessThanOrEqual(11);
      }),
    );
    expect(shardsOfWord('12a')).toEqual([]);
  });

  it('leads from a word with one letter wrong, missing, extra or swapped to the word, and the two are judged near', () => {
    fc.assert(
      fc.property(word, fc.nat(11), fc.constantFrom(...'abcxyz'), (text, place, sign) => {
        const at = place % (text.length - 1);
        const spoiled = [
          text.slice(0, at) + sign + text.slice(at + 1),
          text.slice(0, at) + text.slice(at + 1),
          text.slice(0, at) + sign + text.slice(at),
          text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2),
        ];
        const kept = new Set(shardsOfWord(text).map(({ kind, shard }) => `${kind} ${shard}`));
        for (const other of spoiled) {
          expect(shardsOfQuestion(other).some(({ kind, shard }) => kept.has(`${kind} ${shard}`))).toBe(true);
          expect(wordMeeting(other, text)).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('how well a word meets another', () => {
  it.each([
    ['smith', 'smith', 1],
    ['smi', 'smith', 0.872],
    ['smith', 'smyth', 0.868],
    ['simth', 'smith', 0.882],
    ['katharine', 'catherine', 0.856],
    ['leigh', 'lee', 0.775],
    ['o', 'olivia', 0.6],
    ['olivia', 'o', 0.6],
    ['smith', 'jones', 0],
    ['12', '123', 0],
    ['12a', '12b', 0],
    ['ann', 'ian', 0],
  ])('%s meets %s by %d', (left, right, value) => {
    expect(wordMeeting(left, right)).toBeCloseTo(value, 3);
  });

  it.each([
    ['bill', 'william', 0.9],
    ['peggy', 'margaret', 0.9],
    ['liz', 'elizabeth', 0.9],
    ['bill', 'robert', 0],
  ])('of names, %s meets %s by %d', (left, right, value) => {
    expect(nameMeeting(left, right)).toBeCloseTo(value, 3);
    expect(nameMeeting(right, left)).toBeCloseTo(value, 3);
  });

  it('is 1 for equal words alone', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abcde1'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const value = wordMeeting(left, right);
        expect(value === 1).toBe(left === right);
        expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('what a question may mean', () => {
  const readings = (q: string) => asked(q).exact.map(({ kind, value }) => `${kind} ${value}`);

  it.each([
    ['01632 960123', ['phone 1632960123']],
    ['olivia@example.com', ['email olivia@example.com']],
    ['zz1 4qs', ['postcode ZZ14QS', 'code zz14qs']],
    ['billing:000123', ['code 000123']],
    ['billing:AB 12', ['code ab12']],
    ['1234 5678 9012', ['phone 123456789012', 'code 123456789012']],
    ['E17UK-00981', ['code e17uk00981']],
    ['smith 01632 960123 zz1 4qs', ['phone 1632960123', 'postcode ZZ14QS']],
    ['ursula.okafor', ['mail-name ursulaokafor']],
    ['ursula.okafor.62', ['mail-name ursulaokafor']],
    ['accounts.249@zephyr', ['email accounts.249@zephyr', 'mail-name accounts249']],
    ['accounts.249@', ['mail-name accounts249']],
    ['ursula okafor', ['mail-name ursulaokafor']],
    ['00219-1-W1', ['account-tail 002191w1', 'serial-tail 002191w1']],
    ['00219 1 w1', ['account-tail 002191w1', 'serial-tail 002191w1']],
  ])('"%s" may be %j', (q, expected) => {
    expect(readings(q)).toEqual(expect.arrayContaining(expected));
  });

  it('is no part of an e-mail address where words are a title, a street or a hyphenated name', () => {
    for (const q of ['dr okafor', '12 quay street', 'ashton-wells', 'okafor', 'st. john', 'zz1 4qs', '@example.com'])
      expect(
        readings(q).filter((reading) => reading.startsWith('mail-name')),
        q,
      ).toEqual([]);
  });

  it('is one thing where it is a phone number with its country code, or an e-mail address', () => {
    expect(asked('+44 1632 960123').exact).toEqual([
      { kind: 'phone', value: '1632960123', from: 0, to: 3, shows: '+441632960123' },
    ]);
    expect(readings('olivia@example.com')).toEqual(['email olivia@example.com']);
  });

  it('tells words, numbers, kinds of street, parts of values and light words apart', () => {
    expect(asked('Mrs Smith, 12 High Street a@b.c').words.map(({ text, role }) => `${text} ${role}`)).toEqual([
      'mrs light',
      'smith word',
      '12 number',
      'high word',
      'street type',
      'a part',
      'b part',
      'c part',
    ]);
    expect(asked('the flat').words.map(({ role }) => role)).toEqual(['word', 'word']);
  });

  it('has few readings, each of words it has, for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 200 }),
          fc.string({ unit: fc.constantFrom(...'12+() -ab@:,'), maxLength: 200 }),
        ),
        (q) => {
          const { words, exact, ids } = asked(q);
          expect(exact.length).toBeLessThanOrEqual(mostExactQuestions);
          for (const { from, to } of [...exact, ...ids]) {
            expect(from).toBeLessThan(to);
            expect(to).toBeLessThanOrEqual(words.length);
          }
        },
      ),
    );
  });
});

describe('the judgement of what was found', () => {
  const name = (shown: string): { readonly reason: Reason } => ({ reason: ['name', shown] });

  it('asks every word to be met by something, light words not', () => {
    const judge = judgeOf(asked('Mrs Olivia Smith'));
    expect(judge([name('Olivia Smith')]).missing).toEqual([]);
    expect(judge([name('Olivia Jones')]).missing).toEqual([2]);
    expect(judge([name('Olivia Jones'), { reason: ['address', '1 Smith Street'] }]).missing).toEqual([]);
    expect(judge([]).missing).toEqual([1, 2]);
  });

  it('lets a whole value meet the words it was read from, and no others', () => {
    const judge = judgeOf(asked('smith 01632 960123'));
    const phone: Reason = ['phone', '+441632960123'];
    expect(judge([{ reason: phone, span: { from: 1, to: 3 } }]).missing).toEqual([0]);
    expect(judge([{ reason: phone, span: { from: 1, to: 3 } }, name('Ann Smith')])).toMatchObject({
      missing: [],
      score: 1,
      because: [phone, ['name', 'Ann Smith']],
    });
    expect(judge([{ reason: phone }]).missing).toEqual([0, 1, 2]);
  });

  it('puts exact before inexact, and the nearer name before the longer', () => {
    const judge = judgeOf(asked('ann lee'));
    const scores = ['Ann Lee', 'Ann Lee Moore', 'Anne Lee', 'Anna Leigh'].map((shown) => judge([name(shown)]).score);
    expect(scores).toEqual(scores.toSorted((left, right) => right - left));
    expect(new Set(scores).size).toBe(4);
    expect(scores[0]).toBe(1);
    expect(scores[1]).toBeGreaterThanOrEqual(0.95);
    expect(scores[2]).toBeLessThan(0.95);
  });

  it('does not depend on the order of evidence or of the words asked', () => {
    const evidence = [name('Ann Lee'), name('Lee Moore'), { reason: ['address', '1 Ann Street'] as const }];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(evidence),
        fc.shuffledSubarray(['ann', 'lee', 'more'], { minLength: 3 }),
        (some, words) => {
          const plain = judgeOf(asked('ann lee more'))(evidence.filter((piece) => some.includes(piece)));
          const shuffled = judgeOf(asked(words.join(' ')))(some);
          expect(shuffled.score).toBe(plain.score);
          expect(shuffled.missing).toHaveLength(plain.missing.length);
        },
      ),
    );
  });

  it('names what is left unmet where all the rest is met, as one thing that was typed', () => {
    const unmet = (q: string, ...missing: readonly number[]) => oneUnmet(asked(q), missing);
    expect(unmet('olivia smith zebra', 2)).toEqual(['zebra']);
    expect(unmet('olivia 01632 960123', 1, 2)).toEqual(['01632', '960123']);
    expect(unmet('olivia a@b.example', 1, 2, 3)).toEqual(['a', 'b', 'example']);
    expect(unmet('olivia smith zebra', 1, 2)).toBeUndefined();
    expect(unmet('zebra', 0)).toBeUndefined();
    expect(unmet('gannet street', 0)).toBeUndefined();
    expect(unmet('12 zz1 4qs', 0)).toBeUndefined();
    expect(unmet('olivia smith')).toBeUndefined();
  });
});

describe('several words that nobody is known by', () => {
  const name = (shown: string): Evidence => ({ reason: ['name', shown] });
  const unmet = (q: string, ...evidence: readonly Evidence[]) => unmetOf(asked(q), judgeOf(asked(q))(evidence));

  it('are let go where two words are of one name, or a house number and its street of one address', () => {
    expect(unmet('ann lee moved last week', name('Ann Lee'))).toEqual(['moved', 'last', 'week']);
    expect(unmet('moved last week lee ann', name('Ann Lee'))).toEqual(['moved', 'last', 'week']);
    expect(unmet('12 gannet moved away', { reason: ['address', '12 Gannet Street, Saltmouth'] })).toEqual([
      'moved',
      'away',
    ]);
    expect(unmet('01632 960123 moved away', { reason: ['phone', '+441632960123'], span: { from: 0, to: 2 } })).toEqual([
      'moved',
      'away',
    ]);
  });

  it('are not where only one word tells, or words that many share', () => {
    expect(unmet('ann moved last week', name('Ann Lee'))).toBeUndefined();
    expect(unmet('a lee moved away', name('Ann Lee'))).toBeUndefined();
    expect(unmet('lee leigh moved away', name('Ann Lee'))).toBeUndefined();
    expect(
      unmet('saltmouth fennick moved away', { reason: ['address', '12 Gannet Street, Saltmouth'] }),
    ).toBeUndefined();
    expect(unmet('zz1 4qs moved away', { reason: ['postcode', 'ZZ1 4QS'], span: { from: 0, to: 2 } })).toBeUndefined();
    expect(
      unmet('0123 moved away', { reason: ['phone', '+441632960123'], span: { from: 0, to: 1 }, meets: 0.8 }),
    ).toBeUndefined();
  });

  it('put who meets fewer words behind who meets more, however badly', () => {
    const word = fc.constantFrom('Ann', 'Anne', 'Annie', 'Lee', 'Leigh', 'Moore', 'More', 'A', 'L');
    const names = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
    const judge = judgeOf(asked('ann lee moore zebra'));
    fc.assert(
      fc.property(names, names, (one, other) => {
        const [left, right] = [judge([name(one)]), judge([name(other)])];
        if (left.missing.length < right.missing.length) expect(left.score).toBeGreaterThan(right.score);
      }),
    );
  });
});

describe('a title', () => {
  it('that was asked for is missed in a name that has none, and changes no score', () => {
    const judge = judgeOf(asked('dr yardley'));
    const [titled, plain] = ['Dr Ann Yardley', 'Ann Yardley'].map((shown) => judge([{ reason: ['name', shown] }]));
    expect([titled?.untitled, plain?.untitled]).toEqual([false, true]);
    expect(titled?.score).toBe(plain?.score);
    expect(judgeOf(asked('yardley'))([{ reason: ['name', 'Ann Yardley'] }]).untitled).toBe(false);
  });
});

describe('the order of hits', () => {
  const rank = fc.record({
    score: fc.constantFrom(0.5, 0.95, 1),
    untitled: fc.constantFrom(0, 1),
    former: fc.constantFrom(0, 1),
    fields: fc.constantFrom(1, 2),
    without: fc.constantFrom(0, 1),
    id: fc.constantFrom('a', 'b', 'c'),
  });

  it('is total, and says by what one goes before the next', () => {
    fc.assert(
      fc.property(rank, rank, rank, (a, b, c) => {
        expect(Math.sign(compareRanks(a, b))).toBe(-Math.sign(compareRanks(b, a)) + 0);
        if (compareRanks(a, b) <= 0 && compareRanks(b, c) <= 0) expect(compareRanks(a, c)).toBeLessThanOrEqual(0);
        expect(compareRanks(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
        if (compareRanks(a, b) < 0) expect(aheadBy(a, b)).toMatch(/^(score|title|current|together|account|id)$/);
        expect(readRank(writeRank(a))).toEqual(a);
      }),
    );
  });

  it('asks for the score, then for the title, for what holds now, for words in one value, for an account, for the id', () => {
    const plain: Rank = { score: 0.9, untitled: 0, former: 0, fields: 1, without: 0, id: 'a' };
    const behind: readonly (readonly [string, Rank])[] = [
      ['score', { ...plain, score: 0.8 }],
      ['title', { ...plain, untitled: 1 }],
      ['current', { ...plain, former: 1 }],
      ['together', { ...plain, fields: 2 }],
      ['account', { ...plain, without: 1 }],
      ['id', { ...plain, id: 'b' }],
    ];
    for (const [why, other] of behind)
      expect([why, compareRanks(plain, other) < 0]).toEqual([aheadBy(plain, other), true]);
  });
});
