import { defineApi, defineHandler } from '#functions/capability.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { importOperations } from './api.ts';
import { importRoutes } from './contract/imports.ts';
import { importsWork } from './events-work.ts';
import { AskedRows, keepRows } from './keep-rows.ts';
import { AskedPoints, makePoints } from './make-points.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'importFiles', 'importWorker'],
  routes: [importRoutes],
  operations: importOperations,
});

/** Works off a file of meter data: it has no right to keys. */
export const work = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'day', 'telemetry', 'importFiles', 'importWorker', 'importPoints'],
  handle: importsWork,
});

/** Does for the worker what takes keys: points become known, and rows without a place are kept, sealed. */
export const points = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'facts'],
  handle:
    ({ profile, sealer, submit }) =>
    async (event: unknown) => {
      const rows = AskedRows.safeParse(event);
      if (rows.success) return keepRows({ profile, sealer }, rows.data.import, rows.data.rows, rows.data.receivedAt);
      const asked = AskedPoints.parse(event);
      const registerMeter = (meter: Parameters<typeof registerHeadEndMeter>[1]) => registerHeadEndMeter(profile, meter);
      return makePoints({ profile, submit, registerMeter }, asked.import, asked.points);
    },
});
