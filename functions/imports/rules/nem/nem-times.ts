import { marketOffset } from './codes.ts';

const date = /^(\d{4})(\d{2})(\d{2})$/;
const moment = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

/** Unix seconds of the first instant of a market date `CCYYMMDD`; undefined where it is none. */
export const readMarketDate = (text: string): number | undefined => {
  const [, year, month, day] = date.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return undefined;
  return midnight.getTime() / 1000 - marketOffset;
};

/** Unix seconds of a market time `CCYYMMDDhhmmss`; undefined where it is none. */
export const readMarketTime = (text: string): number | undefined => {
  const [, year, month, day, hour = '', minute = '', second = ''] = moment.exec(text) ?? [];
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = readMarketDate(`${year}${month}${day}`);
  return midnight === undefined ? undefined : midnight + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
};

/** Market date of an instant, `CCYYMMDD`. */
export const marketDate = (instant: number): string =>
  new Date((instant + marketOffset) * 1000).toISOString().slice(0, 10).replaceAll('-', '');
