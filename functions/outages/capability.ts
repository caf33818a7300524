import { defineApi, defineReader } from '#functions/capability.ts';
import { outageOperations } from './api.ts';
import { outageRoutes } from './contract/outages.ts';
import { areaReader } from './stream.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [outageRoutes],
  operations: outageOperations,
});

/** An outage of an area reaches the premises in it. */
export const areas = /* @__PURE__ */ defineReader({
  name: 'area-outages',
  feed: 'profile',
  needs: ['tables', 'facts'],
  take: areaReader,
});
