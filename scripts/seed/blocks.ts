import { halfHour, type StoryCalendar, type StoryDay } from './calendar.ts';
import { type Load, missing } from './load-shape.ts';
import type { StoryMeter, StoryRegister } from './meters.ts';

/** A day of a register as the meter sends it: `usage-block.v1` in bytes. */
export interface DayBlock {
  readonly meter: string;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();

/** The values of [from, to) as JSON, or nothing where none came: a meter that was not heard sends no block for that day. */
const valuesOf = (load: Load, from: number, to: number): string | undefined => {
  let text = '';
  let came = false;
  for (let at = from; at < to; at += 1) {
    const value = load[at] ?? missing;
    if (value !== missing) came = true;
    text += at === from ? '' : ',';
    text += value === missing ? 'null' : value;
  }
  return came ? text : undefined;
};

const blockOf = (
  meterId: string,
  meter: StoryMeter,
  register: StoryRegister,
  day: StoryDay,
  seq: number,
): DayBlock | undefined => {
  const from = Math.max(day.first, meter.from);
  const to = Math.min(day.first + day.intervals, meter.to);
  if (from >= to) return undefined;
  const values = valuesOf(register.load, from, to);
  if (values === undefined) return undefined;
  const start = day.from + (from - day.first) * halfHour;
  const { id, intervalSeconds } = register.register;
  // Written by hand: some 230,000 blocks are made while a newcomer waits.
  const body = `{"v":1,"meter":"${meterId}","register":"${id}","start":${start},"interval":${intervalSeconds},"values":[${values}],"seq":${seq}}`;
  return { meter: meterId, body: encoder.encode(body) };
};

/** The blocks of a meter in order of register and day: those that came in time, or those that came late. */
export function* blocksOf(
  calendar: StoryCalendar,
  meter: StoryMeter,
  meterId: string,
  which: 'in-time' | 'late',
): Generator<DayBlock> {
  for (const register of meter.registers) {
    for (const [index, day] of calendar.days.entries()) {
      if (meter.lateDays.has(index) !== (which === 'late')) continue;
      const block = blockOf(meterId, meter, register, day, index);
      if (block !== undefined) yield block;
    }
  }
}
