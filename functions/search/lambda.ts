import { customerRoutes } from '#functions/customers/contract/customers.ts';
import { describeCustomers } from '#functions/customers/describe-customers.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { openSealer } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { searchOperations } from './api.ts';
import { searchHash } from './store/search-hash.ts';

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
