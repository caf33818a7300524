import { cpus, totalmem } from 'node:os';
import { type Beside, type Figure, type Goal, isMet, missedOf, type Outcome } from './measurement.ts';

/** What the figures were taken on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly node: string;
  readonly date: string;
}

/** This machine, now. */
export const machineNow = (): Machine => {
  const all = cpus();
  return {
    cores: all.length,
    processor: (all[0]?.model ?? 'unknown').trim(),
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
};

/** A number for people: whole where it is large, up to three decimals where it is small. */
export const numberText = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 2 : 3 });

const goalText = (goal: Goal | undefined): string => {
  if (goal === undefined) return 'reported';
  if ('atMost' in goal) return `≤ ${numberText(goal.atMost)}`;
  return 'atLeast' in goal ? `≥ ${numberText(goal.atLeast)}` : `= ${numberText(goal.exactly)}`;
};

const verdict = (figure: Figure): string => {
  const met = isMet(figure);
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
};

type Row = readonly [name: string, what: string, figure: string, unit: string, goal: string, verdict: string];

const headings: Row = ['', 'measured', 'figure', 'unit', 'goal', ''];

const rowOf = (figure: Figure): Row => [
  figure.name,
  figure.what,
  numberText(figure.value),
  figure.unit,
  goalText(figure.goal),
  verdict(figure),
];

const figuresOf = (outcomes: readonly Outcome[]): readonly Figure[] =>
  outcomes.flatMap((outcome) => ('figures' in outcome ? outcome.figures : []));

const lineOf = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, column) =>
      column === 2 || column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    .join('  ')
    .trimEnd();

const besideText = ({ what, value, unit }: Beside): string =>
  `           beside: ${what}: ${numberText(value)} ${unit}`;

/** The notes of figures that stand after each other: what is not counted is said once where it is the same. */
const notesAfter = (figure: Figure, next: Figure | undefined): readonly string[] => [
  ...(figure.beside ?? []).map(besideText),
  ...(next?.notCounted === figure.notCounted ? [] : [`           not counted: ${figure.notCounted}`]),
];

const linesOf = (outcome: Outcome, widths: readonly number[]): readonly string[] => {
  if ('skipped' in outcome) return [`  skipped: ${outcome.skipped}`];
  if ('failure' in outcome) return [`  FAILED: ${outcome.failure}`];
  return outcome.figures.flatMap((figure, place) => [
    lineOf(rowOf(figure), widths),
    ...notesAfter(figure, outcome.figures[place + 1]),
  ]);
};

/** The figures as a table, goal beside figure, and under each what stands beside it and what it does not count. */
export const reportText = (machine: Machine, outcomes: readonly Outcome[]): string => {
  const rows = [headings, ...figuresOf(outcomes).map(rowOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const missed = missedOf(outcomes);
  const gated = figuresOf(outcomes).filter(({ goal }) => goal !== undefined).length;
  return [
    `${machine.cores} cores, ${machine.processor}, ${machine.memoryGigabytes} GB, Node ${machine.node}, ${machine.date}`,
    '',
    lineOf(headings, widths),
    ...outcomes.flatMap((outcome) => ['', outcome.title, ...linesOf(outcome, widths)]),
    '',
    missed.length === 0 ? `${gated} figures with a goal, all met` : `missed: ${missed.join('; ')}`,
  ].join('\n');
};

/** The same as one JSON document. */
export const reportJson = (machine: Machine, outcomes: readonly Outcome[]): string =>
  JSON.stringify({
    machine,
    measurements: outcomes.map((outcome) =>
      'figures' in outcome
        ? { ...outcome, figures: outcome.figures.map((figure) => ({ ...figure, met: isMet(figure) ?? null })) }
        : outcome,
    ),
    missed: missedOf(outcomes),
  });
