import type { Opener } from '#shared/lambda/opener.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { localToday } from '#shared/runtime/today.ts';

export const day: Opener<'day'> = ({ clock }) => {
  const { zone } = readSettings(['zone']);
  return () => ({ zone, today: localToday(clock, zone) });
};
