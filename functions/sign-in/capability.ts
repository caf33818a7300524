import { defineHandler } from '#functions/capability.ts';
import { tokenTrigger } from './events.ts';

/** Writes roles and customer ids into tokens. */
export const token = /* @__PURE__ */ defineHandler({ needs: ['signsIn'], handle: tokenTrigger });
