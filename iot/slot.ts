/** Meters send their days over this much of the night, so that a whole fleet never speaks at once. */
export const slotWindowSeconds = 8 * 3600;

/** FNV-1a over the id, then murmur's finaliser, so that ids that differ in one character fall apart. */
const hash = (text: string): number => {
  let held = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) held = Math.imul(held ^ text.charCodeAt(index), 0x01000193);
  held = Math.imul(held ^ (held >>> 16), 0x85ebca6b);
  held = Math.imul(held ^ (held >>> 13), 0xc2b2ae35);
  return (held ^ (held >>> 16)) >>> 0;
};

/** Seconds after local midnight at which a meter sends the day that has ended: the same every day, even over the fleet. */
export const slotOf = (meter: string): number => hash(meter) % slotWindowSeconds;
