import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const facts: Opener<'facts'> = (base) => {
  const settings = readSettings(factSettings);
  const open = factOpener(base, settings);
  const [country, { payments }] = [numberingCountry(settings), settings];
  return async () => ({ ...(await open()), country, payments });
};
