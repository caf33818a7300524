/** Ways of living and working that a load follows. */
export const loadKinds = [
  'single',
  'couple',
  'family',
  'retired',
  'office',
  'shop',
  'bakery',
  'workshop',
  'warehouse',
] as const;
export type LoadKind = (typeof loadKinds)[number];

/** Activity by clock, 48 half-hours, 0 to 255; weekdays and weekends apart. */
export interface Activity {
  readonly weekday: Uint8Array;
  readonly weekend: Uint8Array;
}

/** 24 hours (midnight first) drawn out to half-hours, halfway values between. */
const halfHours = (hours: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: 48 }, (_, slot) => {
    const here = hours[slot >> 1] ?? 0;
    const next = hours[((slot >> 1) + 1) % 24] ?? 0;
    return slot % 2 === 0 ? here : (here + next) >> 1;
  });

const activity = (weekday: readonly number[], weekend: readonly number[]): Activity => ({
  weekday: halfHours(weekday),
  weekend: halfHours(weekend),
});

export const activities: Readonly<Record<LoadKind, Activity>> = {
  single: activity(
    [20, 8, 5, 4, 4, 6, 40, 90, 55, 15, 12, 14, 20, 15, 12, 14, 22, 60, 130, 165, 150, 120, 90, 50],
    [40, 20, 8, 5, 4, 4, 8, 25, 70, 100, 85, 70, 85, 75, 60, 55, 65, 90, 130, 150, 140, 125, 110, 75],
  ),
  couple: activity(
    [18, 8, 5, 4, 4, 10, 70, 130, 80, 30, 22, 24, 34, 28, 24, 28, 50, 110, 185, 190, 165, 135, 95, 45],
    [40, 18, 8, 5, 5, 6, 14, 45, 110, 140, 120, 105, 130, 110, 85, 80, 100, 140, 175, 180, 160, 140, 110, 70],
  ),
  family: activity(
    [20, 10, 7, 6, 6, 18, 110, 190, 120, 50, 40, 42, 55, 45, 50, 110, 150, 205, 250, 225, 190, 150, 95, 45],
    [30, 14, 8, 6, 6, 8, 30, 100, 175, 190, 160, 150, 185, 155, 130, 130, 155, 205, 235, 215, 185, 155, 110, 60],
  ),
  retired: activity(
    [10, 6, 5, 5, 8, 20, 60, 110, 125, 105, 100, 115, 150, 120, 90, 95, 120, 160, 170, 140, 120, 100, 60, 25],
    [10, 6, 5, 5, 8, 18, 50, 100, 125, 115, 110, 130, 165, 125, 95, 95, 120, 155, 165, 140, 120, 100, 60, 25],
  ),
  office: activity(
    [6, 6, 6, 6, 6, 10, 40, 120, 200, 235, 245, 245, 230, 235, 245, 240, 225, 170, 90, 40, 20, 12, 8, 6],
    [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 14, 14, 14, 14, 14, 12, 12, 10, 8, 8, 8, 6, 6, 6],
  ),
  shop: activity(
    [10, 10, 10, 10, 10, 10, 14, 40, 130, 200, 220, 225, 230, 230, 225, 225, 225, 215, 150, 60, 25, 14, 10, 10],
    [10, 10, 10, 10, 10, 10, 12, 30, 110, 200, 235, 245, 245, 240, 235, 225, 190, 90, 30, 16, 12, 10, 10, 10],
  ),
  bakery: activity(
    [40, 120, 220, 250, 255, 245, 215, 170, 140, 120, 110, 105, 100, 90, 70, 45, 25, 15, 12, 10, 10, 10, 12, 20],
    [40, 130, 230, 255, 255, 245, 220, 180, 140, 110, 80, 50, 25, 15, 12, 10, 10, 10, 10, 10, 10, 10, 12, 20],
  ),
  workshop: activity(
    [8, 8, 8, 8, 8, 12, 60, 190, 230, 245, 220, 240, 120, 235, 245, 230, 180, 60, 20, 10, 8, 8, 8, 8],
    [8, 8, 8, 8, 8, 8, 10, 40, 80, 90, 85, 80, 40, 12, 10, 8, 8, 8, 8, 8, 8, 8, 8, 8],
  ),
  warehouse: activity(
    [60, 60, 60, 60, 80, 130, 180, 210, 220, 225, 225, 220, 215, 220, 225, 215, 200, 180, 150, 120, 90, 70, 60, 60],
    [50, 50, 50, 50, 50, 60, 80, 100, 110, 110, 105, 100, 95, 90, 80, 70, 60, 55, 50, 50, 50, 50, 50, 50],
  ),
};

/** Heating by clock, 0 to 255: mornings and evenings, and little at night. */
export const heating: Uint8Array = halfHours([
  20, 14, 12, 12, 16, 70, 190, 230, 170, 90, 70, 65, 65, 60, 65, 90, 150, 210, 230, 220, 190, 150, 90, 40,
]);
