import { describe, expect, it } from 'vitest';
import { slotOf, slotWindowSeconds } from '#iot/slot.ts';

const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
/** Ids that differ only in their last characters, counted up: the hardest case for a hash. */
function* countedIds(): Generator<string> {
  for (const a of alphabet)
    for (const b of alphabet)
      for (const c of alphabet)
        for (const d of alphabet) for (const e of alphabet) yield `mtr_000000000000000000000${a}${b}${c}${d}${e}`;
}

describe('the daily slot of a meter', () => {
  it('spreads ten million meters over eight hours: no second has more than 1.3 times the mean, nor 500 connections', () => {
    const perSecond = new Uint32Array(slotWindowSeconds);
    const meters = 10_000_000;
    let left = meters;
    for (const id of countedIds()) {
      if (left === 0) break;
      left -= 1;
      const slot = slotOf(id);
      perSecond[slot] = (perSecond[slot] ?? 0) + 1;
    }
    expect(left).toBe(0);
    const most = perSecond.reduce((left, right) => Math.max(left, right));
    expect(most).toBeLessThan(500);
    expect(most / (meters / slotWindowSeconds)).toBeLessThanOrEqual(1.3);
    expect(perSecond.reduce((left, right) => Math.min(left, right))).toBeGreaterThan(0);
  });

  it('is the same every day', () => {
    expect(slotOf('mtr_0000000000000000000000000A')).toBe(slotOf('mtr_0000000000000000000000000A'));
  });
});
