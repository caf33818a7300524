import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const country: Opener<'country'> = () => {
  const known = numberingCountry(readSettings(['country']));
  return () => ({ country: known });
};
