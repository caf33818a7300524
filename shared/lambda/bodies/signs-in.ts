import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const signsIn: Opener<'signsIn'> = () => {
  const signer = readSettings(['signsIn']);
  return () => signer;
};
