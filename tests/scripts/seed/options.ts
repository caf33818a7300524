import type { StoryOptions } from '#scripts/seed/calendar.ts';

/** A story of all named parts and some drawn ones, over both changes of clocks. */
export const smallStory: StoryOptions = {
  seed: 'rotunda',
  customers: 40,
  months: 13,
  until: '2026-07-01',
  zone: 'Europe/London',
  currency: 'GBP',
};
