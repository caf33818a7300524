import { type Country, phoneFit } from '#shared/text/phone.ts';
import { accepted, type Judgement, rejected, warned } from './judgement.ts';

/**
 * Whether a text is a phone number by the numbering plan of its country code, or of `country` where none is written. A number that
 * has the length of one but lies in no known range is only warned: new ranges open, and numbers for stories (01632 960123) are such.
 */
export const judgePhone = (text: string, country: Country): Judgement => {
  switch (phoneFit(text, country)) {
    case 'in-plan':
      return accepted;
    case 'possible':
      return warned('phone.unknown-range');
    case 'local':
      return warned('phone.without-area');
    case 'impossible':
      return rejected('phone.impossible');
  }
};
