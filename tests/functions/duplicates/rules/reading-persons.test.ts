import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { birthDateOf, dayOrderOf } from '#functions/duplicates/rules/birth-date.ts';
import { fieldOfHeading } from '#functions/duplicates/rules/person-columns.ts';
import { namePartsOf } from '#functions/duplicates/rules/person-name.ts';
import { readPersons } from '#functions/duplicates/rules/person-values.ts';
import {
  emailOf,
  emailUserOf,
  genderOf,
  identifierOf,
  phoneDigitsOf,
  plainValue,
  postcodeOf,
} from '#functions/duplicates/rules/plain-values.ts';
import { addressPartsOf } from '#functions/duplicates/rules/postal-address.ts';

describe('a date of birth', () => {
  it.each([
    ['1985-03-04', '19850304'],
    ['19850304', '19850304'],
    ['04/03/1985', '19850304'],
    ['4.3.1985', '19850304'],
    ['04031985', '19850304'],
    ['4 Mar 1985', '19850304'],
    ['4th March 1985', '19850304'],
    ['March 4, 1985', '19850304'],
    ['04-MAR-85', '19850304'],
    ['1985-03-04T00:00:00Z', '19850304'],
    ['1985/3/4 12:30', '19850304'],
    ['03/04/25', '20250403'],
    ['1985', '1985'],
    ['31110', '19850304'],
    ['1985-00-00', '1985'],
    ['19851345', '19851345'],
  ])('is read from %s', (written, date) => {
    expect(birthDateOf(written, 'day-first')).toBe(date);
  });

  it.each(['', 'unknown', '1900-01-01', '01/01/1970', '0000-00-00', 'n/a', '12', '99991231'])(
    'is not read from "%s"',
    (written) => {
      expect(birthDateOf(written, 'day-first')).toBeUndefined();
    },
  );

  it('has the month first where the column shows it', () => {
    expect(dayOrderOf(['03/04/1985', '03/25/1990'])).toBe('month-first');
    expect(dayOrderOf(['03/04/1985', '25/03/1990'])).toBe('day-first');
    expect(dayOrderOf(['03/04/1985'])).toBe('day-first');
    const [first] = readPersons([{ birthDate: '03/04/1985' }, { birthDate: '03/25/1990' }]);
    expect(first?.birthDate).toBe('19850304');
  });

  it('is read from three columns, or one of them', () => {
    const [whole, year] = readPersons([{ birthYear: '1985', birthMonth: '3', birthDay: '4' }, { birthYear: '1985' }]);
    expect([whole?.birthDate, year?.birthDate]).toEqual(['19850304', '1985']);
  });
});

describe('a name', () => {
  it.each([
    ['Anna Smith', 'anna', undefined, 'smith', undefined],
    ['Dr Anna Maria van der Berg', 'anna', 'maria', 'van der berg', undefined],
    ['Smith, Anna', 'anna', undefined, 'smith', undefined],
    ['SMITH, John Paul Jr.', 'john', 'paul', 'smith', 'jr'],
    ['John Smith III', 'john', undefined, 'smith', '3'],
    ['John Smith, Jr.', 'john', undefined, 'smith', 'jr'],
    ["Siobhán O'Brien", 'siobhan', undefined, 'obrien', undefined],
    ['Madonna', undefined, undefined, 'madonna', undefined],
  ])('is taken apart: %s', (name, given, middle, family, generation) => {
    expect(namePartsOf({ name })).toMatchObject({ given, middle, family, generation, holder: 'one' });
  });

  it('is taken from its parts where there are some', () => {
    const parts = namePartsOf({ name: 'A. Smith', given: 'Mrs Anna', family: 'Smith Sr', middle: 'M' });
    expect(parts).toEqual({
      given: 'anna',
      middle: 'm',
      family: 'smith',
      generation: 'sr',
      gender: 'f',
      holder: 'one',
    });
  });

  it.each([
    ['Mr & Mrs J Smith', 'j', 'smith', undefined, 'joint'],
    ['Smith, Mr & Mrs J', 'j', 'smith', undefined, 'joint'],
    ['Arthur and Edna Blenkinsop', 'arthur', 'blenkinsop', undefined, 'joint'],
    ['Arthur Blenkinsop & Edna Pratt', 'arthur', 'blenkinsop', undefined, 'joint'],
    ['The late Mr Reginald Mayhew', 'reginald', 'mayhew', 'm', 'estate'],
    ['Exors. of the late Mrs R. Mayhew', 'r', 'mayhew', 'f', 'estate'],
    ['Personal Representatives of R Mayhew', 'r', 'mayhew', undefined, 'estate'],
    ["Reginald Mayhew dec'd", 'reginald', 'mayhew', undefined, 'estate'],
    ['Reginald Mayhew (Deceased)', 'reginald', 'mayhew', undefined, 'estate'],
    ['Miss Edith Late', 'edith', 'late', 'f', 'one'],
    ['Dr Jo Lord', 'jo', 'lord', undefined, 'one'],
    ['Smith & Sons Ltd', undefined, 'smith sons ltd', undefined, 'one'],
  ])('says whose record it is: %s', (name, given, family, gender, holder) => {
    expect(namePartsOf({ name })).toMatchObject({ given, family, gender, holder });
  });

  it('has its title in a column of its own, and its given name in one called "name"', () => {
    expect(namePartsOf({ title: 'Mrs', given: 'J', family: 'Smith' }).gender).toBe('f');
    expect(namePartsOf({ name: 'Anna', family: 'Smith' })).toMatchObject({ given: 'anna', family: 'smith' });
    expect(namePartsOf({ name: 'Anna Smith', family: 'Smith' })).toMatchObject({ given: 'anna', family: 'smith' });
  });

  it('of which only some say junior or deceased is silent in the others, so that silence can differ', () => {
    const said = readPersons([{ name: 'Tom Ashby Jr' }, { name: 'Ann Lee', deceased: 'Y' }, { name: 'Bo Ek' }]);
    expect(said.map(({ generation, holder }) => [generation, holder])).toEqual([
      ['jr', 'one'],
      ['-', 'estate'],
      ['-', 'one'],
    ]);
    const [none] = readPersons([{ name: 'Ann Lee', deceased: 'N' }]);
    expect([none?.generation, none?.holder]).toEqual([undefined, undefined]);
  });
});

describe('an address', () => {
  it.each([
    [
      '44 Forbes St, Wintersloe, Kellerberrin VIC 4510',
      {
        number: '44',
        street: 'forbes street',
        line2: 'wintersloe',
        town: 'kellerberrin',
        state: 'vic',
        postcode: '4510',
      },
    ],
    [
      'Flat 2, 14a High Street, Saltmouth, ZZ1 4QS',
      {
        number: '2 14a',
        street: 'high street',
        line2: undefined,
        town: 'saltmouth',
        state: undefined,
        postcode: 'zz14qs',
      },
    ],
    [
      '12 Main Street Springfield Illinois 62704',
      { number: '12', street: 'main street', line2: undefined, town: 'springfield', state: 'il', postcode: '62704' },
    ],
    [
      'Rose Cottage',
      {
        number: undefined,
        street: 'rose cottage',
        line2: undefined,
        town: undefined,
        state: undefined,
        postcode: undefined,
      },
    ],
  ])('is taken apart: %s', (address, parts) => {
    expect(addressPartsOf({ address })).toEqual(parts);
  });

  it('has its house number taken off the street', () => {
    expect(addressPartsOf({ street: '7 Quay Rd', town: 'Saltmouth' })).toMatchObject({
      number: '7',
      street: 'quay road',
      town: 'saltmouth',
    });
    expect(addressPartsOf({ number: '7', street: 'Quay Rd' })).toMatchObject({ number: '7', street: 'quay road' });
  });
});

describe('other values', () => {
  it('are nothing where somebody wrote that nothing is known', () => {
    expect(['', 'N/A', 'null', 'Unknown', '-', 'nan', ' . '].map(plainValue)).toEqual(Array(7).fill(undefined));
    expect(['000-00-0000', '123456789', '9'].map(identifierOf)).toEqual([undefined, undefined, undefined]);
    expect(['00000', 'none', '12'].map(phoneDigitsOf)).toEqual([undefined, undefined, undefined]);
    expect([emailOf('n/a'), postcodeOf(' '), genderOf('x')]).toEqual([undefined, undefined, undefined]);
  });

  it('are the same however they are written', () => {
    const phones = ['+44 7700 900123', '07700 900 123', '0044 (0)7700-900123', '07700 900123 ext 4'].map(phoneDigitsOf);
    expect(new Set(phones).size).toBe(1);
    expect([identifierOf('QQ 12 34 56 C'), identifierOf('qq123456c')]).toEqual(['qq123456c', 'qq123456c']);
    expect([postcodeOf('zz1 4qs'), postcodeOf('ZZ14QS'), postcodeOf('12345-6789')]).toEqual([
      'zz14qs',
      'zz14qs',
      '12345',
    ]);
    expect([emailOf(' A.Smith@Example.COM '), emailUserOf('a.smith+bills@example.com')]).toEqual([
      'a.smith@example.com',
      'a.smith',
    ]);
    expect(['Female', 'm', 'MALE'].map(genderOf)).toEqual(['f', 'm', 'm']);
  });

  it('never fail, whatever stands in a cell', () => {
    const cell = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(cell, cell, cell, cell, (name, birthDate, address, phone) => {
        expect(
          readPersons([{ name, birthDate, address, phone, email: name, nationalId: phone, postcode: address }]),
        ).toHaveLength(1);
      }),
    );
  });
});

describe('a heading', () => {
  it.each([
    ['given_name', 'given'],
    ['First Name', 'given'],
    ['firstName', 'given'],
    ['surname', 'family'],
    ['LAST_NAME', 'family'],
    ['Full name', 'name'],
    ['DOB', 'birthDate'],
    ['date_of_birth', 'birthDate'],
    ['soc_sec_id', 'nationalId'],
    ['Home phone', 'phone'],
    ['customer_email', 'email'],
    ['address_1', 'street'],
    ['Address Line 2', 'line2'],
    ['suburb', 'town'],
    ['Postal Code', 'postcode'],
    ['zip', 'postcode'],
    ['Title', 'title'],
    ['mobile_no', 'phone'],
    ['Landline', 'phone'],
    ['contact_number', 'phone'],
    ['Primary Email', 'email'],
    ['House name/number', 'number'],
    ['addr_line_1', 'street'],
    ['Town/City', 'town'],
    ['Supply Address', 'address'],
    ['Account Holder', 'name'],
    ['Date of death', 'deceased'],
  ])('%s is known', (heading, field) => {
    expect(fieldOfHeading(heading)).toBe(field);
  });

  it.each([
    'id',
    'rec_id',
    'unique_id',
    'cluster',
    'notes',
    'balance',
    'account_id',
    'customer_no',
    'meter_serial',
    '',
  ])('%s is nothing to compare', (heading) => {
    expect(fieldOfHeading(heading)).toBeUndefined();
  });
});
