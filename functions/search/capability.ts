import { defineApi } from '#functions/capability.ts';
import { customerRoutes } from '#functions/customers/contract/customers.ts';
import { searchOperations } from './api.ts';
import { searchHash } from './store/search-hash.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'sealer', 'country'],
  routes: [customerRoutes],
  operations: ({ profile, today, sealer, country }) =>
    searchOperations({ table: profile, hash: searchHash(sealer), country, today }),
});
