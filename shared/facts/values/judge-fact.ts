import type { Country } from '#shared/text/phone.ts';
import type { Verdict } from '#shared/vocabulary/fact.ts';
import type { ContactKind } from '#shared/vocabulary/statuses.ts';
import { judgeBirthDate } from './birth-date.ts';
import { judgeOrganisationName, judgePersonName } from './customer-name.ts';
import { judgeEmail } from './email.ts';
import { accepted, type Judgement } from './judgement.ts';
import { judgePhone } from './phone-number.ts';
import { judgePostcode } from './postcode.ts';

type Data = Readonly<Record<string, unknown>>;

/** What judging needs besides the data. */
export interface JudgedAt {
  /** Country of phone numbers written without one. */
  readonly country: Country;
  /** Day of the fact. */
  readonly day: string;
  /** Kind of the contact point that a change names; undefined where the point is not known. */
  readonly pointKind: ContactKind | undefined;
}

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

const judgeName = (name: unknown): Judgement => {
  if (!isData(name)) return accepted;
  if (typeof name.organisation === 'string') return judgeOrganisationName(name.organisation);
  return judgePersonName([name.given, name.family].filter((part) => typeof part === 'string'));
};

/** What a value is taken for where the point it belongs to is not known yet. */
const kindByLook = (value: string): ContactKind =>
  value.includes('@') ? 'email' : /^[+\d\s()./-]{7,}$/.test(value) ? 'phone' : 'post';

const judgePoint = (value: string, kind: unknown, { country }: JudgedAt): Judgement => {
  if (kind === 'email') return judgeEmail(value);
  return kind === 'phone' ? judgePhone(value, country) : accepted;
};

const judgeProfile = (data: Data, { day }: JudgedAt): readonly (readonly [string, Judgement])[] => [
  ['name', judgeName(data.name)],
  ['dateOfBirth', typeof data.dateOfBirth === 'string' ? judgeBirthDate(data.dateOfBirth, day) : accepted],
];

const judgements = (type: string, data: Data, at: JudgedAt): readonly (readonly [string, Judgement])[] => {
  switch (type) {
    case 'customer.profile.registered.v1':
    case 'customer.profile.corrected.v1':
    case 'customer.attribute.pinned.v1':
      return judgeProfile(data, at);
    case 'customer.contact-point.added.v1':
      return typeof data.value === 'string' ? [['value', judgePoint(data.value, data.kind, at)]] : [];
    case 'customer.contact-point.changed.v1':
      return typeof data.value === 'string'
        ? [['value', judgePoint(data.value, at.pointKind ?? kindByLook(data.value), at)]]
        : [];
    case 'premise.premise.registered.v1': {
      const address = isData(data.address) ? data.address : {};
      return typeof address.postcode === 'string' && typeof address.country === 'string'
        ? [['address.postcode', judgePostcode(address.postcode, address.country)]]
        : [];
    }
    default:
      return [];
  }
};

/** What the validators say of a fact, by dotted field of its data; undefined where they accept all of it. */
export const verdictsOn = (type: string, data: Data, at: JudgedAt): Readonly<Record<string, Verdict>> | undefined => {
  const told = judgements(type, data, at).flatMap(([field, { verdict, codes }]) =>
    verdict === 'accepted' ? [] : [[field, { verdict, codes }] as const],
  );
  return told.length === 0 ? undefined : Object.fromEntries(told);
};
