import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const erasures: Opener<'erasures'> = () => {
  const policy = readSettings(['erasures']);
  return () => policy;
};
