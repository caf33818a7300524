import { describeCustomers } from '#functions/customers/describe-customers.ts';
import { customerRoutes } from '#shared/contracts/api/customers.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { openSealer } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { searchHash } from '#shared/store/search-hash.ts';
import { searchOperations } from './api.ts';

const settings = readSettings([...apiSettings, 'country', 'masterKey']);
const country = numberingCountry(settings);

export const handler = apiHandler({
  service: 'search',
  settings,
  routes: customerRoutes,
  operations: ({ profile, today, clock, ...tables }) => {
    const hash = searchHash(openSealer({ ...tables, profile }, settings, clock));
    const describe = (customers: readonly string[]) => describeCustomers(profile, today(), customers);
    return async () => searchOperations({ table: profile, hash, country, describe });
  },
});
