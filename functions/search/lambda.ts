import { describeCustomers } from '#functions/customers/describe-customers.ts';
import { customerRoutes } from '#shared/contracts/api/customers.ts';
import { apiHandler, apiSettings } from '#shared/lambda/api.ts';
import { numberingCountry } from '#shared/lambda/numbering-country.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { searchOperations } from './api.ts';

const settings = readSettings([...apiSettings, 'country']);
const country = numberingCountry(settings);

export const handler = apiHandler({
  service: 'search',
  settings,
  routes: customerRoutes,
  operations:
    ({ profile, today }) =>
    async () =>
      searchOperations({
        table: profile,
        country,
        describe: (customers) => describeCustomers(profile, today(), customers),
      }),
});
