import { accepted, type Judgement, rejected, warned } from './judgement.ts';

/** A date of birth, against the day on which it was said (both local dates). */
export const judgeBirthDate = (date: string, saidOn: string): Judgement => {
  if (date > saidOn) return rejected('birth-date.future');
  if (date < '1900-01-01') return rejected('birth-date.before-1900');
  const sixteenYearsBefore = `${String(Number(saidOn.slice(0, 4)) - 16).padStart(4, '0')}${saidOn.slice(4)}`;
  return date > sixteenYearsBefore ? warned('birth-date.under-16') : accepted;
};
