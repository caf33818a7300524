/** Whether tests that draw are to take their time: `ROTUNDA_TEST_LONG=1`. */
const isLong = process.env.ROTUNDA_TEST_LONG === '1';

/** How much a test that draws does: as a rule, or where it is to take its time. */
export const drawn = (few: number, many: number): number => (isLong ? many : few);

/** How often a property is tried; `ROTUNDA_PROPERTY_RUNS` gives another number. */
export const propertyRuns = (few: number, many: number): number =>
  Number(process.env.ROTUNDA_PROPERTY_RUNS ?? drawn(few, many));
