import { defineApi, defineReader } from '#functions/capability.ts';
import { premiseRoutes } from '#functions/premises/contract/premises.ts';
import { usageOperations } from './api.ts';
import { usageFileRoutes } from './contract/usage-files.ts';
import { DownloadUsage } from './download-usage.ts';
import { UsageRecompute } from './recompute-usage.ts';
import { ShowUsage } from './show-usage.ts';
import { supplyReader, usageReader } from './stream.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables'],
  routes: [premiseRoutes, usageFileRoutes],
  operations: (parts) => usageOperations({ showUsage: new ShowUsage(parts), downloadUsage: new DownloadUsage(parts) }),
});

/** Usage in the views of customers follows readings. */
export const measure = /* @__PURE__ */ defineReader({
  name: 'usage',
  feed: 'readings',
  needs: ['tables'],
  take: (parts) => usageReader({ ...parts, recompute: new UsageRecompute(parts) }),
  batchSize: 2000,
  windowMs: 100,
});

/** Usage of premises whose supply changed. */
export const supply = /* @__PURE__ */ defineReader({
  name: 'usage-of-supply',
  feed: 'profile',
  needs: ['tables'],
  take: (parts) => supplyReader(new UsageRecompute(parts)),
});
