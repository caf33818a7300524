import { environmentName, type Settings } from '#shared/runtime/settings.ts';
import { type Country, countryOf } from '#shared/text/phone.ts';

/** The country of a setting; throws while the function starts where no numbering plan is known for it. */
export const numberingCountry = ({ country }: Pick<Settings, 'country'>): Country => {
  const known = countryOf(country);
  if (known === undefined) throw new Error(`${environmentName('country')} names no country with a numbering plan`);
  return known;
};
