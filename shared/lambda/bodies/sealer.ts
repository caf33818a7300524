import type { Opener } from '#shared/lambda/opener.ts';
import { openSealer, tableSettings } from '#shared/lambda/tables.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const sealer: Opener<'sealer'> = ({ clock }) => {
  const settings = readSettings([...tableSettings, 'masterKey']);
  return () => ({ sealer: openSealer(settings, clock) });
};
