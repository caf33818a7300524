/** What an insight says of a service point, and what it rests on. */
export interface Found<Value> {
  readonly enough: true;
  readonly value: Value;
  /** Local dates, from first to before the last. */
  readonly window: Window;
  /** Part of the window that was read, 0 to 1. */
  readonly coverage: number;
  /** Section of docs/insight.md that says how. */
  readonly method: string;
  /** 0 to 1: coverage, lowered by what the method says weakens it. */
  readonly confidence: number;
  /** Numbers and dates that a person can check the value by. */
  readonly evidence: Readonly<Record<string, number | string | boolean>>;
}

/** Why nothing can be said yet, in plain words. */
export interface NotEnough {
  readonly enough: false;
  readonly method: string;
  readonly coverage: number;
  readonly missing: string;
}

export type Insight<Value> = Found<Value> | NotEnough;

/** Local dates `YYYY-MM-DD`, half-open. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export const notEnough = (method: string, coverage: number, missing: string): NotEnough => ({
  enough: false,
  method,
  coverage,
  missing: `not enough data: ${missing}`,
});
