import { accepted, type Judgement, warned } from './judgement.ts';
import { postcodeFormats } from './postcode-formats.ts';

const places: Readonly<Record<string, RegExp>> = { '9': /[0-9]/, A: /[A-Z]/, X: /[0-9A-Z]/ };

const fits = (written: string, form: string): boolean =>
  written.length === form.length &&
  [...form].every((wanted, at) => places[wanted]?.test(written.charAt(at)) ?? written.charAt(at) === wanted);

/**
 * Whether a postcode has a form of its country (ISO 3166-1 alpha-2). Never more than warned: a place is there whatever is written of
 * it. A country whose forms are not known here has no verdict.
 */
export const judgePostcode = (postcode: string, country: string): Judgement => {
  const forms = Object.hasOwn(postcodeFormats, country) ? postcodeFormats[country] : undefined;
  const written = postcode.toUpperCase().replace(/[\s-]/g, '');
  return forms === undefined || forms.split(' ').some((form) => fits(written, form))
    ? accepted
    : warned('postcode.malformed');
};
