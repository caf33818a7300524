import { stretchesOf } from '#functions/validation/rules/day-context.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { isWithoutPower } from '#functions/validation/rules/power.ts';
import type { ReadDay, Slot } from '#functions/validation/rules/read-day.ts';
import type { ReadPeriod } from '#functions/validation/rules/reads/read-periods.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { Shapes } from './day-shapes.ts';
import type { Estimate, Unfilled } from './estimate.ts';
import {
  type Draft,
  draftClassProfile,
  draftEven,
  draftLastYear,
  draftLikeDays,
  draftLine,
  draftZero,
  type EstimationMethod,
  methodVersions,
} from './estimation-methods.ts';
import { roundTogether } from './exact-shares.ts';
import { type DraftedPlace, scaleToRegister } from './scale-to-register.ts';

/** What holes are filled from. */
export interface FillGround {
  readonly ground: RegisterGround;
  /** Local days that follow each other. */
  readonly days: readonly ReadDay[];
  readonly shapes: Shapes;
  /** Periods whose total is known and was not refuted by the sum check. */
  readonly periods: readonly ReadPeriod[];
  readonly off: readonly Range[];
  /** Whether a day is to be filled however much of it is missing. */
  readonly isAsked: (date: string) => boolean;
}

/** A missing interval with what may stand in its place. */
interface Cell extends DraftedPlace {
  readonly slot: Slot;
  readonly date: string;
  readonly period: ReadPeriod | undefined;
}

/** Neighbours with one key, together. */
const groupedBy = <Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): readonly (readonly [Key, readonly Item[]])[] => {
  const groups: [Key, Item[]][] = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last !== undefined && last[0] === key) last[1].push(item);
    else groups.push([key, [item]]);
  }
  return groups;
};

/** The order of estimation for intervals of one day, after line and register. */
const draftOfDay = (date: string, slots: readonly Slot[], { ground, shapes }: FillGround): Draft | undefined =>
  draftLikeDays(ground, date, slots, shapes) ??
  draftLastYear(ground, date, slots, shapes) ??
  draftClassProfile(ground, date, slots, shapes);

const cellsOf = (hole: readonly Slot[], fill: FillGround, dateOf: ReadonlyMap<Slot, string>): readonly Cell[] => {
  const cells = (slots: readonly Slot[], draft: Draft | undefined): Cell[] =>
    slots.map((slot, index) => ({
      slot,
      draft,
      index,
      date: dateOf.get(slot) ?? '',
      period: fill.periods.find(({ from, to }) => from <= slot.from && slot.to <= to),
    }));
  return groupedBy(hole, (slot) => isWithoutPower(fill.off, slot)).flatMap(([dark, slots]) => {
    if (dark) return cells(slots, draftZero(slots));
    const line = draftLine(fill.ground, slots, fill.shapes);
    if (line !== undefined) return cells(slots, line);
    return groupedBy(slots, (slot) => dateOf.get(slot) ?? '').flatMap(([date, ofDay]) =>
      cells(ofDay, draftOfDay(date, ofDay, fill)),
    );
  });
};

/** Why holes of a day are left to people, where no total of the register is known. */
const reasonAgainst = (cells: readonly Cell[], day: ReadDay, fill: FillGround): Unfilled | undefined => {
  const { mostMissingPerMille } = fill.ground.configuration.estimation;
  const open = cells.filter(({ draft, period }) => period === undefined && draft?.method !== 'powered-off');
  const expected = day.slots.filter((slot) => slot.expected).length;
  const missing = cells.filter(({ draft }) => draft?.method !== 'powered-off').length;
  const said = { date: day.date, missing: open.length, expected };
  if (!fill.isAsked(day.date) && open.length > 0 && missing * 1000 > mostMissingPerMille * expected) {
    return { ...said, reason: 'too-much-missing' };
  }
  return open.some(({ draft }) => draft === undefined) ? { ...said, reason: 'no-ground' } : undefined;
};

/**
 * What a period's register leaves for its missing intervals. Of an interval in which a read falls the period has a part, by time:
 * of a measured one that part of its value, of a missing one that part of what is left.
 */
const residualOf = ({ from, to, total }: ReadPeriod, { days }: FillGround): number => {
  let [rest, within, cut] = [total, 0, 0];
  for (const slot of days.flatMap(({ slots }) => slots)) {
    const [length, shared] = [slot.to - slot.from, Math.min(slot.to, to) - Math.max(slot.from, from)];
    if (shared <= 0) continue;
    if (slot.value !== null) rest -= shared === length ? slot.value : Math.round((slot.value * shared) / length);
    else if (shared === length) within += length;
    else if (slot.expected) cut += shared;
  }
  return cut === 0 ? rest : Math.round((rest * within) / (within + cut));
};

const valuesOf = (cells: readonly Cell[], fill: FillGround): ReadonlyMap<Slot, number> => {
  const values = new Map<Slot, number>();
  const put = (group: readonly Cell[], found: readonly number[]): void => {
    group.forEach(({ slot }, index) => {
      values.set(slot, found[index] ?? 0);
    });
  };
  const isNet = fill.ground.register.flow === 'net';
  for (const period of new Set(cells.map((cell) => cell.period))) {
    const within = cells.filter((cell) => cell.period === period);
    if (period !== undefined) {
      put(within, scaleToRegister(within, residualOf(period, fill), isNet));
      continue;
    }
    for (const draft of new Set(within.map((cell) => cell.draft))) {
      if (draft === undefined) continue;
      const group = within.filter((cell) => cell.draft === draft);
      put(
        group,
        roundTogether(
          group.map(({ index }) => draft.numerators[index] ?? 0n),
          draft.denominator,
        ),
      );
    }
  }
  return values;
};

/** Methods that give a register's total no more than a shape: what they share out is derived from the register (11). */
const derivedMethods: ReadonlySet<EstimationMethod> = new Set(['class-profile', 'even']);

const estimatesOf = (
  cells: readonly Cell[],
  values: ReadonlyMap<Slot, number>,
  fill: FillGround,
): readonly Estimate[] => {
  const seconds = fill.ground.register.intervalSeconds;
  const runs = cells.reduce<Cell[][]>((groups, cell) => {
    const last = groups.at(-1)?.at(-1);
    const follows = last !== undefined && last.slot.to === cell.slot.from && last.date === cell.date;
    if (follows && last.draft === cell.draft && last.period === cell.period) groups.at(-1)?.push(cell);
    else groups.push([cell]);
    return groups;
  }, []);
  return runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { date, period } = first;
    const draft = first.draft ?? draftEven(run.map(({ slot }) => slot));
    const scaledTo = period && {
      from: period.from,
      to: period.to,
      register: period.total,
      residual: residualOf(period, fill),
    };
    return [
      {
        date,
        from: first.slot.from,
        to: last.slot.to,
        interval: seconds,
        values: run.map(({ slot }) => values.get(slot) ?? 0),
        quality: period !== undefined && derivedMethods.has(draft.method) ? quality.derived : draft.quality,
        method: draft.method,
        version: methodVersions[draft.method],
        inputs: draft.inputs,
        ...(scaledTo === undefined ? {} : { scaledTo }),
      },
    ];
  });
};

/**
 * Fills the holes of days in the order of estimation: to a total of the register where one is known; zero without power; a line
 * up to 2 hours; like days; last year; the class profile. Whole numbers throughout: where a total is known, measured and
 * estimated values add up to it.
 */
export const fillHoles = (
  fill: FillGround,
): { readonly estimates: readonly Estimate[]; readonly unfilled: readonly Unfilled[] } => {
  const dateOf = new Map(fill.days.flatMap(({ date, slots }) => slots.map((slot) => [slot, date] as const)));
  const holes = stretchesOf(
    fill.days.flatMap(({ slots }) => slots),
    (slot) => slot.expected && slot.value === null,
  );
  const all = holes.flatMap((hole) => cellsOf(hole, fill, dateOf));
  const unfilled = fill.days.flatMap((day) => {
    const reason = reasonAgainst(
      all.filter(({ date }) => date === day.date),
      day,
      fill,
    );
    return reason === undefined ? [] : [reason];
  });
  const kept = all.filter(({ date, draft, period }) => {
    if (period !== undefined || draft?.method === 'powered-off') return true;
    return draft !== undefined && !unfilled.some((one) => one.date === date && one.reason === 'too-much-missing');
  });
  return { estimates: estimatesOf(kept, valuesOf(kept, fill), fill), unfilled };
};
