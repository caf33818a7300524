import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaOf,
  askedAreaOf,
  codeOf,
  emailOf,
  isRest,
  isTail,
  mailNameOf,
  postcodeOf,
  restOf,
  tailsOf,
} from '#functions/search/rules/exact-values.ts';
import { addressForm, addressKeys, addressWordsOf } from '#shared/text/address-words.ts';
import { countryOf, phoneOf, phoneQuestions } from '#shared/text/phone.ts';
import { foldText, longestWord, wordsOf } from '#shared/text/words.ts';

describe('words of a name', () => {
  it.each([
    ['José Müller-Lüdenscheidt', ['jose', 'muller', 'ludenscheidt']],
    ["Siobhán O'Brien", ['siobhan', 'obrien']],
    ['O’Brien', ['obrien']],
    ['Łukasz Wiśniewski', ['lukasz', 'wisniewski']],
    ['Bjørn Ångström', ['bjorn', 'angstrom']],
    ['STRASSE Straße', ['strasse', 'strasse']],
    ['İstanbul ISPARTA ısparta', ['istanbul', 'isparta', 'isparta']],
    ['Æthelred Œuvre', ['aethelred', 'oeuvre']],
    ['Ｏｌｉｖｉａ', ['olivia']],
    ['J.R. Smith & Sons, Ltd.', ['j', 'r', 'smith', 'sons', 'ltd']],
    ['Иванов Андрей', ['иванов', 'андреи']],
    ['Γιώργος Παπαδόπουλος', ['γιωργοσ', 'παπαδοπουλοσ']],
    ['山田 太郎', ['山田', '太郎']],
    ['ガス カ゛', ['ガス', 'カ']],
    ['김철수', ['김철수']],
    ['मीरा शर्मा', ['मीरा', 'शर्मा']],
    ['مُحَمَّد علي', ['محمد', 'علي']],
    ['שָׁלוֹם', ['שלום']],
    ['٢٣ شارع', ['23', 'شارع']],
    ['Z̷a̸l̵g̶o', ['zalgo']],
    ['🙂 !?', []],
    ['', []],
  ])('of "%s" are %j', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });

  it('are the same however the text is composed and cased, folded once or twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
        expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')));
        for (const word of wordsOf(text)) {
          expect(word).toMatch(/^[\p{L}\p{M}\p{N}]+$/u);
          expect(Array.from(word).length).toBeLessThanOrEqual(longestWord);
        }
      }),
    );
  });
});

describe('phone numbers', () => {
  it.each([
    ['01632 960123', 'GB', '+441632960123', '1632960123'],
    ['+44 (0)1632 960123', 'US', '+441632960123', '1632960123'],
    ['0044 1632 960123', 'GB', '+441632960123', '1632960123'],
    ['(202) 555-0123', 'US', '+12025550123', '2025550123'],
    ['1-202-555-0123', 'US', '+12025550123', '2025550123'],
    ['555-0123', 'US', '+15550123', '5550123'],
    ['0491 570 156', 'AU', '+61491570156', '491570156'],
    ['+39 06 1234 5678', 'GB', '+390612345678', '612345678'],
    ['07700 900 123 ext 4', 'GB', '+447700900123', '7700900123'],
  ] as const)('%s in %s is %s', (text, country, e164, national) => {
    expect(phoneOf(text, country)).toEqual({ e164, national });
  });

  it.each(['', '12', 'phone', '+0', '+', '1234567890123456789'])('is not "%s"', (text) => {
    expect(phoneOf(text, 'GB')).toBeUndefined();
  });

  it('are found in any writing, by people of any country, when the country code is written', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', ' (', ') ');
    fc.assert(
      fc.property(
        fc.constantFrom('+441632960123', '+12025550123', '+61491570156', '+33199001234', '+4930231251234'),
        fc.constantFrom('GB', 'US', 'AU', 'DE'),
        fc.constantFrom('+', '00'),
        fc.array(fc.tuple(fc.nat(10), separator), { maxLength: 4 }),
        (stored, country, start, cuts) => {
          const kept = phoneOf(stored, 'GB');
          let written = stored.slice(1);
          for (const [place, sign] of cuts) written = `${written.slice(0, place)}${sign}${written.slice(place)}`;
          const asked = phoneQuestions(`${start}${written}`, country);
          expect(asked).toContainEqual({ national: kept?.national, e164: kept?.e164 });
        },
      ),
    );
  });

  it('are asked for without a country code as those of the country, and of any other', () => {
    expect(phoneQuestions('202-555-0123', 'GB')).toContainEqual({ national: '2025550123', e164: undefined });
    expect(phoneQuestions('441632960123', 'GB')).toContainEqual({ national: '1632960123', e164: undefined });
    expect(phoneQuestions('12025550123', 'GB')).toContainEqual({ national: '2025550123', e164: undefined });
  });

  it('need a country that has a numbering plan', () => {
    expect(countryOf('GB')).toBe('GB');
    expect(countryOf('XX')).toBeUndefined();
  });
});

describe('values found whole', () => {
  it.each([
    [' Olivia.T+Bills@Example.COM ', 'olivia.t+bills@example.com'],
    ['a@b', 'a@b'],
    ['a b@c', undefined],
    ['a@b@c', undefined],
    ['@', undefined],
  ])('e-mail "%s" is %s', (text, email) => {
    expect(emailOf(text)).toBe(email);
  });

  it.each([
    ['zz1 4qs', 'ZZ14QS'],
    ['ZZ14QS', 'ZZ14QS'],
    ['2000', '2000'],
    ['12345', '12345'],
    ['12345-6789', '12345'],
    ['K1A 0B1', 'K1A0B1'],
    ['100-0001', '1000001'],
    ['D02 AF30', 'D02AF30'],
    ['12', undefined],
    ['ABC', undefined],
    ['12345678901', undefined],
    ['High St 1', 'HIGHST1'],
    ['Ж12', undefined],
  ])('postcode "%s" is %s', (text, postcode) => {
    expect(postcodeOf(text)).toBe(postcode);
  });

  it.each([
    ['INV 2024/0077', 'inv20240077'],
    ['000123-45', '00012345'],
    [' e17-uk ', 'e17uk'],
    ['Ｂ１２', 'b12'],
    ['№ 7', 'no7'],
    ['--', undefined],
  ])('number "%s" is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('addresses', () => {
  it('shorten their words in one way', () => {
    expect(addressWordsOf('12 High St.')).toEqual(addressWordsOf('12 HIGH STREET'));
    expect(addressWordsOf("St Alban's Rd")).toEqual(addressWordsOf("Saint Alban's Road"));
    expect(addressForm('guildford')).toBe('guildford');
  });

  it('are found by telling words, and by house numbers beside the words of their line', () => {
    expect(addressKeys('Flat 4, 12 High Street, Guildford, GU1 2AB')).toEqual({
      words: ['high', 'guildford'],
      pairs: [
        ['12', 'high'],
        ['12', 'street'],
      ],
    });
    expect(addressKeys('5 The Avenue, Guildford').words).toEqual(['avenue', 'guildford']);
  });

  it('keep few keys, however long they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('12', '4a', 'high', 'street', ',', 'elm', 'the'), { maxLength: 80 }),
        (words) => {
          const keys = addressKeys(words.join(' '));
          expect(keys.words.length).toBeLessThanOrEqual(30);
          expect(keys.pairs.length).toBeLessThanOrEqual(60);
        },
      ),
    );
  });
});

describe('parts of values', () => {
  it.each([
    ['ZZ1 4QS', 'ZZ1'],
    ['sw1a1aa', 'SW1A'],
    ['K1A 0B1', 'K1A'],
    ['62704', '627'],
    ['12345-6789', '123'],
    ['2000', undefined],
    ['1234 AB', undefined],
  ])('the half of the postcode %s is %s', (postcode, half) => {
    expect(areaOf(postcode)).toBe(half);
    if (half !== undefined) expect(askedAreaOf(half.toLowerCase())).toBe(half);
  });

  it('ends of numbers have four to six characters, a digit, and less than the whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc123'), maxLength: 12 }), (value) => {
        for (const tail of tailsOf(value)) {
          expect(value.endsWith(tail) && tail.length < value.length).toBe(true);
          expect(isTail(tail)).toBe(true);
        }
      }),
    );
    expect(tailsOf('e17uk00981')).toEqual(['0981', '00981', 'k00981']);
    expect(tailsOf('1234')).toEqual([]);
    expect(['123', '1234567', 'abcd'].map(isTail)).toEqual([false, false, false]);
  });

  it.each([
    ['rt002191w1', '002191w1'],
    ['a1000077', '1000077'],
    ['e17uk00981', '17uk00981'],
    ['a001161', undefined],
    ['z1234uvw', undefined],
    ['002191w1', undefined],
  ])('the number %s without the letters that it begins with is %s', (number, rest) => {
    expect(restOf(number)).toBe(rest);
    if (rest !== undefined) expect([isRest(rest), isTail(rest)]).toEqual([true, false]);
  });

  it.each([
    ['Ursula.Okafor.62@example.com', 'ursulaokafor'],
    ['ursula_okafor', 'ursulaokafor'],
    ['ursula okafor 62', 'ursulaokafor'],
    ['annlee62@example.com', 'annlee62'],
    ['olivia.t+bills@example.com', 'oliviat'],
    ['@example.com', undefined],
  ])('of the e-mail address %s there stands %s before the @', (address, name) => {
    expect(mailNameOf(address)).toBe(name);
  });
});
