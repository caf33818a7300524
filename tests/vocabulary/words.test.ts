import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintedId } from '#shared/runtime/identify.ts';
import { bodyOf, type IdKind, id, idFrom, idPrefixes, kindOf } from '#shared/vocabulary/ids.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import { Money, PositiveMoney, writeMoney } from '#shared/vocabulary/money.ts';
import { idOrReference, parseReference, Reference, writeReference } from '#shared/vocabulary/references.ts';
import { unzigzag, zigzag } from '#shared/vocabulary/varint.ts';

describe('money in words', () => {
  it('has the digits of its currency behind the point, and loses nothing', () => {
    const words = (amountMinor: number, currency: string) => writeMoney({ amountMinor, currency });
    expect([8423, 5, 0, -5, -8423, 100].map((amount) => words(amount, 'GBP'))).toEqual([
      '84.23 GBP',
      '0.05 GBP',
      '0.00 GBP',
      '-0.05 GBP',
      '-84.23 GBP',
      '1.00 GBP',
    ]);
    expect([8423, 0, -7].map((amount) => words(amount, 'JPY'))).toEqual(['8423 JPY', '0 JPY', '-7 JPY']);
    expect([8423, 5, -12_345].map((amount) => words(amount, 'BHD'))).toEqual(['8.423 BHD', '0.005 BHD', '-12.345 BHD']);
    expect(words(Number.MAX_SAFE_INTEGER, 'EUR')).toBe('90071992547409.91 EUR');
    expect(words(123, 'QQQ')).toBe('1.23 QQQ');
  });

  it('is the amount that was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('GBP', 'JPY', 'BHD'), (amountMinor, currency) => {
        const [digits = '', code] = writeMoney({ amountMinor, currency }).split(' ');
        expect([Number(digits.replace('.', '')) + 0, code]).toEqual([amountMinor + 0, currency]);
      }),
    );
  });

  it('is never a fraction, and above zero where it must be', () => {
    const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
    expect([1.5, 1e13, Number.NaN].map((amount) => Money.safeParse(gbp(amount)).success)).toEqual([
      false,
      false,
      false,
    ]);
    expect([-1, 0, 1].map((amount) => PositiveMoney.safeParse(gbp(amount)).success)).toEqual([false, false, true]);
    expect(Money.safeParse({ amountMinor: 1, currency: 'gbp' }).success).toBe(false);
  });
});

describe('a reference in one word', () => {
  const references = fc.record({
    namespace: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,39}$/),
    value: fc.string({ minLength: 1, maxLength: 120 }).filter((value) => /^\P{Cc}+$/u.test(value)),
  });

  it('is read as it was written, also where the value holds colons and slashes', () => {
    fc.assert(
      fc.property(references, (reference) => {
        expect(Reference.safeParse(reference).success).toBe(true);
        expect(parseReference(writeReference(reference))).toEqual(reference);
      }),
    );
    expect(parseReference('urn:a:b/c')).toEqual({ namespace: 'urn', value: 'a:b/c' });
  });

  it('is none without a namespace, a value, or with signs that cannot be seen', () => {
    for (const text of [
      '',
      ':',
      'crm',
      ':1',
      'crm:',
      'CRM:1',
      'a b:1',
      `crm:${'x'.repeat(121)}`,
      'crm:a\u0000',
      'crm:a\n',
    ])
      expect(parseReference(text), JSON.stringify(text)).toBeUndefined();
  });
});

describe('an id', () => {
  const kinds = Object.keys(idPrefixes) as IdKind[];

  it('of any kind tells its kind, and is put together from its parts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string(), (kind, seed) => {
        const made = mintedId(kind, seed);
        expect([kindOf(made), idFrom(kind, bodyOf(made))]).toEqual([kind, made]);
        expect(id(kind).safeParse(made).success).toBe(true);
        const others = kinds.filter((other) => other !== kind);
        expect(others.some((other) => id(other).safeParse(made).success)).toBe(false);
      }),
    );
    expect(new Set(Object.values(idPrefixes)).size).toBe(kinds.length);
  });

  it('is the same for the same event, and another for another kind or event', () => {
    expect(mintedId('bill', 'fct_1')).toBe(mintedId('bill', 'fct_1'));
    expect(bodyOf(mintedId('bill', 'fct_1'))).not.toBe(bodyOf(mintedId('payment', 'fct_1')));
    expect(mintedId('bill', 'fct_1')).not.toBe(mintedId('bill', 'fct_2'));
  });

  it('is none where a letter is missing, too many, or could be read as another', () => {
    const body = '0123456789ABCDEFGHJKMNPQRS';
    expect(kindOf(`cus_${body}`)).toBe('customer');
    for (const text of ['', body, `cus_${body.slice(1)}`, `cus_${body}0`, `cus-${body}`, `xyz_${body}`, `CUS_${body}`])
      expect(kindOf(text), text).toBeUndefined();
    for (const letter of ['I', 'L', 'O', 'U', 'a'])
      expect(kindOf(`cus_${letter}${body.slice(1)}`), letter).toBeUndefined();
  });

  it('or a reference names a thing, and nothing else does', () => {
    const schema = idOrReference('account');
    const named = [
      mintedId('account', 'a'),
      { namespace: 'billing', value: '1' },
      mintedId('bill', 'b'),
      'billing:1',
      7,
    ];
    expect(named.map((value) => schema.safeParse(value).success)).toEqual([true, true, false, false, false]);
  });
});

describe('an instant', () => {
  it('is stored in UTC with milliseconds, so that the order of texts is the order of time', () => {
    expect(stored('2026-03-01T10:30:00+01:00')).toBe('2026-03-01T09:30:00.000Z');
    const times = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(times, times, (a, b) => {
        expect(stored(a) < stored(b)).toBe(a < b);
      }),
    );
  });
});

describe('packed signs', () => {
  it('come back for every number that readings may hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        expect(unzigzag(zigzag(value)) + 0).toBe(value + 0);
      }),
    );
  });
});
