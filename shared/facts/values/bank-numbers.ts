import { accepted, type Judgement, rejected, warned } from './judgement.ts';

/** Length of an IBAN by country, as the SWIFT registry (ISO 13616) lists them. */
const ibanLengths =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20';

const lengthByCountry: ReadonlyMap<string, number> = new Map(
  ibanLengths.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** The number that letters and digits stand for (A is 10 … Z is 35), modulo 97. */
const modulo97 = (text: string): number => {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
};

/** An IBAN, by length and check digits (ISO 13616, ISO 7064 MOD 97-10). */
export const judgeIban = (text: string): Judgement => {
  const iban = text.toUpperCase().replace(/\s/g, '');
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$/.test(iban)) return rejected('iban.malformed');
  const length = lengthByCountry.get(iban.slice(0, 2));
  if (length !== undefined && iban.length !== length) return rejected('iban.malformed');
  const check = Number(iban.slice(2, 4));
  if (check < 2 || check > 98 || modulo97(iban.slice(4) + iban.slice(0, 4)) !== 1) return rejected('iban.checksum');
  return length === undefined ? warned('iban.unknown-country') : accepted;
};

/** An account number whose last digit checks the others (ISO/IEC 7812, "Luhn"). */
export const judgeLuhn = (text: string): Judgement => {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^[0-9]{2,34}$/.test(digits)) return rejected('account-number.malformed');
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0 ? accepted : rejected('account-number.checksum');
};
