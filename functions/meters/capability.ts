import { defineApi, defineHandler } from '#functions/capability.ts';
import { meterOperations } from './api.ts';
import { meterRoutes } from './contract/meters.ts';
import { provisioningHook } from './events-provision.ts';
import { certificatesSchedule } from './schedule-certificates.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'devices'],
  routes: [meterRoutes],
  operations: meterOperations,
});

/** Whether a device may be provisioned as the meter it says it is. */
export const provision = /* @__PURE__ */ defineHandler({ needs: ['tables', 'devices'], handle: provisioningHook });

/** Takes back certificates that are superseded or over. */
export const certificates = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'devices'],
  handle: certificatesSchedule,
});
