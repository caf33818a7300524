import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phoneNumbers } from '#scripts/seed/people.ts';
import { judgeIban, judgeLuhn } from '#shared/facts/values/bank-numbers.ts';
import { judgeBirthDate } from '#shared/facts/values/birth-date.ts';
import { judgeOrganisationName, judgePersonName } from '#shared/facts/values/customer-name.ts';
import { judgeEmail } from '#shared/facts/values/email.ts';
import { verdictsOn } from '#shared/facts/values/judge-fact.ts';
import { judgePhone } from '#shared/facts/values/phone-number.ts';
import { judgePostcode } from '#shared/facts/values/postcode.ts';

describe('an e-mail address', () => {
  it.each([
    'amara@example.com',
    "o'neil+bills@sub.example.co.uk",
    'jörg@münchen.example',
    'a@xn--bcher-kva.example',
    ' x@y.io ',
  ])('%s is accepted', (value) => expect(judgeEmail(value).verdict).toBe('accepted'));
  it.each([
    'amara',
    '@example.com',
    'a@b',
    'a@@example.com',
    'a@.com',
    'a@-x.com',
    'a b@example.com',
    'a@example.123',
    'a.@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
  ])('%s is malformed', (value) =>
    expect(judgeEmail(value)).toEqual({ verdict: 'rejected', codes: ['email.malformed'] }),
  );
  it.each(['"amara okafor"@example.com', 'root@[192.0.2.1]'])('%s is unusual', (value) =>
    expect(judgeEmail(value)).toEqual({ verdict: 'warned', codes: ['email.unusual'] }),
  );
});

describe('a phone number', () => {
  it.each([
    ['020 7946 0123', 'GB'],
    ['+61 491 570 156', 'GB'],
    ['0491 570 156', 'AU'],
    ['(212) 555-0123', 'US'],
  ] as const)('%s is in the plan of %s', (value, country) =>
    expect(judgePhone(value, country).verdict).toBe('accepted'),
  );
  it('of a range that is kept for stories is doubted, not refused', () => {
    for (const value of ['01632 960123', '+44 1632 960 999', '07700 900123', '+447700900456'])
      expect(judgePhone(value, 'GB')).toEqual({ verdict: 'warned', codes: ['phone.unknown-range'] });
    expect(judgePhone('555-0123', 'US')).toEqual({ verdict: 'warned', codes: ['phone.without-area'] });
  });
  it.each(['12', 'hello', '01632', '0123456789012345', '+44 1', '+999 12345678', ''])('%j cannot be one', (value) =>
    expect(judgePhone(value, 'GB')).toEqual({ verdict: 'rejected', codes: ['phone.impossible'] }),
  );
  it('of the seed is refused in no case', () => {
    for (const currency of ['GBP', 'USD', 'AUD'])
      for (let number = 0; number < 1000; number += 1)
        for (const value of Object.values(phoneNumbers(currency, number)))
          expect(judgePhone(value, 'GB').verdict, value).not.toBe('rejected');
  });
});

describe('a postcode', () => {
  it.each([
    ['SW1A 1AA', 'GB'],
    ['zz1 4qs', 'GB'],
    ['GIR 0AA', 'GB'],
    ['D02 X285', 'IE'],
    ['D6W XY00', 'IE'],
    ['2000', 'AU'],
    ['94105-1234', 'US'],
    ['1234 AB', 'NL'],
    ['SE-111 22', 'SE'],
    ['whatever', 'ZZ'],
    ['x', 'constructor'],
  ])('%s fits %s', (postcode, country) => expect(judgePostcode(postcode, country).verdict).toBe('accepted'));
  it.each([
    ['SW1A 1A', 'GB'],
    ['12345', 'GB'],
    ['20000', 'AU'],
    ['٢٠٠٠', 'AU'],
    ['1234', 'US'],
    ['', 'DE'],
  ])('%s of %s is doubted', (postcode, country) =>
    expect(judgePostcode(postcode, country)).toEqual({ verdict: 'warned', codes: ['postcode.malformed'] }),
  );
});

describe('a date of birth', () => {
  it.each([
    ['1984-05-02', 'accepted', []],
    ['2010-03-01', 'accepted', []],
    ['2010-03-02', 'warned', ['birth-date.under-16']],
    ['2026-03-02', 'rejected', ['birth-date.future']],
    ['1899-12-31', 'rejected', ['birth-date.before-1900']],
  ])('%s said on 1 March 2026 is %s', (date, verdict, codes) =>
    expect(judgeBirthDate(date, '2026-03-01')).toEqual({ verdict, codes }),
  );
});

describe('a name', () => {
  it('needs a letter of any script, and of a person no digit', () => {
    expect(judgePersonName(['Amara', 'Okafor']).verdict).toBe('accepted');
    expect(judgePersonName(['明']).verdict).toBe('accepted');
    expect(judgePersonName(['-', '.'])).toEqual({ verdict: 'rejected', codes: ['name.without-letters'] });
    expect(judgePersonName(['12', '34'])).toEqual({ verdict: 'rejected', codes: ['name.without-letters'] });
    expect(judgePersonName(['.', 'Okafor'])).toEqual({ verdict: 'warned', codes: ['name.without-letters'] });
    expect(judgePersonName(['Amara', 'Okafor2'])).toEqual({ verdict: 'warned', codes: ['name.digits'] });
    expect(judgeOrganisationName('24/7 Fuels Ltd').verdict).toBe('accepted');
    expect(judgeOrganisationName('1837').verdict).toBe('warned');
    expect(judgeOrganisationName('???').verdict).toBe('rejected');
  });
});

describe('bank numbers', () => {
  it.each([
    'GB82 WEST 1234 5698 7654 32',
    'DE89370400440532013000',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ])('%s is an IBAN', (iban) => expect(judgeIban(iban).verdict).toBe('accepted'));
  it('that are no IBAN say why', () => {
    expect(judgeIban('GB82WEST12345698765431').codes).toEqual(['iban.checksum']);
    expect(judgeIban('GB82WEST1234569876543').codes).toEqual(['iban.malformed']);
    expect(judgeIban('00123456').codes).toEqual(['iban.malformed']);
  });
  it('are found out when one character of an IBAN is another, or two beside each other are swapped', () => {
    const iban = 'GB82WEST12345698765432';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: iban.length - 1 }), fc.constantFrom(...'0123456789ABCXYZ'), (at, other) => {
        const changed = `${iban.slice(0, at)}${other}${iban.slice(at + 1)}`;
        if (changed !== iban) expect(judgeIban(changed).verdict).not.toBe('accepted');
        const swapped = `${iban.slice(0, at)}${iban.charAt(at + 1)}${iban.charAt(at)}${iban.slice(at + 2)}`;
        if (swapped !== iban) expect(judgeIban(swapped).verdict).not.toBe('accepted');
      }),
    );
  });
  it('have the check digits that make them IBANs, and no others', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }), (account) => {
        const body = String(account).padStart(18, '0');
        // 98 less the remainder of the account, then DE (13 14) and 00: ISO 13616.
        const check = String(98n - (BigInt(`${body}131400`) % 97n)).padStart(2, '0');
        expect(judgeIban(`DE${check}${body}`).verdict).toBe('accepted');
        expect(judgeIban(`DE${check === '50' ? '51' : '50'}${body}`).verdict).toBe('rejected');
      }),
    );
  });
  it('with a check digit are told from those where it does not fit', () => {
    expect(judgeLuhn('7992 7398 713').verdict).toBe('accepted');
    expect(judgeLuhn('79927398710').codes).toEqual(['account-number.checksum']);
    expect(judgeLuhn('no number').codes).toEqual(['account-number.malformed']);
  });
});

describe('judging a fact', () => {
  const at = { country: 'GB', day: '2026-03-01', pointKind: undefined } as const;
  const types = [
    'customer.profile.registered.v1',
    'customer.attribute.pinned.v1',
    'customer.contact-point.added.v1',
    'customer.contact-point.changed.v1',
    'premise.premise.registered.v1',
    'billing.bill.issued.v1',
  ];

  it('names each field of its data with what is wrong', () => {
    expect(
      verdictsOn('customer.profile.registered.v1', { name: { family: '...' }, dateOfBirth: '2030-01-01' }, at),
    ).toEqual({
      name: { verdict: 'rejected', codes: ['name.without-letters'] },
      dateOfBirth: { verdict: 'rejected', codes: ['birth-date.future'] },
    });
    expect(verdictsOn('premise.premise.registered.v1', { address: { postcode: '1', country: 'GB' } }, at)).toEqual({
      'address.postcode': { verdict: 'warned', codes: ['postcode.malformed'] },
    });
    expect(verdictsOn('customer.profile.corrected.v1', { language: 'en' }, at)).toBeUndefined();
  });

  it('takes a change of a point for what the point is, or looks like where it is not known', () => {
    const change = { value: '12 Quay Street' };
    expect(verdictsOn('customer.contact-point.changed.v1', change, at)).toBeUndefined();
    expect(verdictsOn('customer.contact-point.changed.v1', change, { ...at, pointKind: 'phone' })).toEqual({
      value: { verdict: 'rejected', codes: ['phone.impossible'] },
    });
    expect(verdictsOn('customer.contact-point.changed.v1', { value: 'a@b' }, at)?.value?.codes).toEqual([
      'email.malformed',
    ]);
  });

  it('never throws, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.object(),
        fc.anything(),
        fc.string({ unit: 'binary' }),
        (type, data, odd, text) => {
          verdictsOn(type, data, at);
          verdictsOn(type, { name: odd, dateOfBirth: odd, value: odd, kind: odd, address: odd }, at);
          for (const kind of ['phone', 'email', 'post']) verdictsOn(type, { value: text, kind }, at);
          for (const judge of [judgeEmail, judgeIban, judgeLuhn]) judge(text);
          judgePostcode(text, 'GB');
          judgePersonName([text]);
          judgeOrganisationName(text);
        },
      ),
    );
  });
});
