import { type Decimal, decimalText, minus } from '#functions/imports/rules/decimals.ts';
import { type SourceError, sourceError } from '#functions/imports/rules/interval-series.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';

/** What a register showed at an instant (Unix seconds), and where the file says so. */
export interface RegisterState {
  readonly at: number;
  readonly value: Decimal;
  readonly quality: QualityCode;
  readonly line: number;
  readonly column: number;
}

/** What a register advanced between two of its states. */
export interface Advance {
  readonly start: number;
  readonly seconds: number;
  readonly value: Decimal;
  readonly quality: QualityCode;
  readonly line: number;
}
/** What a register advanced, a state that stands in its place in time, or a state of which there is something to say. */
export type AdvanceEvent =
  | { readonly advance: Advance; readonly state?: never; readonly error?: never }
  | { readonly state: RegisterState; readonly advance?: never; readonly error?: never }
  | { readonly error: SourceError; readonly advance?: never; readonly state?: never };

/** A register that went back is taken for a new one after this: states that stayed below, and seconds from the first to the last. */
const [enoughStates, enoughSeconds, mostHeld] = [3, 86_400, 1000];

const written = ({ coefficient, scale }: Decimal): string => decimalText(coefficient, -scale);

/**
 * Makes intervals of the states of one register, in order of time. What cannot be use is told and not counted: a register that
 * went back (the use between goes to the interval after which it is again where it was), one that was set anew, and the advance
 * over a hole, of which nobody knows when it was used.
 */
export class RegisterAdvances {
  readonly #longest: number;
  #base: RegisterState | undefined;
  #held: RegisterState[] = [];
  /** Longest time between two readings since the base. */
  #widest = 0;

  /** @param longest seconds between two states whose advance still counts as use */
  constructor(longest: number) {
    this.#longest = longest;
  }

  *take(state: RegisterState): Generator<AdvanceEvent, void, undefined> {
    const [base, latest] = [this.#base, this.#held.at(-1) ?? this.#base];
    if (latest !== undefined && state.at <= latest.at) return yield this.#misplaced(state, latest);
    yield { state };
    if (base === undefined || latest === undefined) this.#base = state;
    else yield* this.#follow(state, base, latest);
  }

  *#follow(state: RegisterState, base: RegisterState, latest: RegisterState): Generator<AdvanceEvent, void, undefined> {
    const { line, column } = state;
    const advanced = minus(state.value, base.value);
    this.#widest = Math.max(this.#widest, state.at - latest.at);
    if (advanced === undefined) {
      yield sourceError(line, column, 'too-many-digits', 'the difference of two states has more digits than are kept');
      this.#rebase(state);
    } else if (advanced.coefficient >= 0) {
      yield* this.#recovered();
      yield this.#advance(base, state, advanced);
      this.#rebase(state);
    } else yield* this.#hold(state, base);
  }

  /** Ends the series: states that are below to the last are told. */
  *end(): Generator<AdvanceEvent, void, undefined> {
    yield* this.#recovered();
  }

  #misplaced({ at, value, line, column }: RegisterState, latest: RegisterState): AdvanceEvent {
    if (at < latest.at)
      return sourceError(line, column, 'out-of-order', 'the row is earlier than the one before it; it is left out');
    const same = minus(value, latest.value)?.coefficient === 0;
    const message = same
      ? 'the same time and state stood before; the row is left out'
      : 'the same time stood before with another state; the first one stands';
    return sourceError(line, column, same ? 'repeated' : 'conflict', message);
  }

  #rebase(state: RegisterState): void {
    this.#base = state;
    this.#widest = 0;
  }

  #advance(from: RegisterState, to: RegisterState, value: Decimal): AdvanceEvent {
    const { at, quality, line } = to;
    if (this.#widest <= this.#longest)
      return { advance: { start: from.at, seconds: at - from.at, value, quality, line } };
    const hours = Math.floor(this.#widest / 3600);
    const message = `no reading for ${hours} hours, in which the register advanced by ${written(value)}; it counts for no interval`;
    return sourceError(to.line, to.column, 'hole', message);
  }

  *#recovered(): Generator<AdvanceEvent, void, undefined> {
    const [first] = this.#held;
    if (first === undefined) return;
    const message = `the register went back from ${written(this.#base?.value ?? first.value)} to ${written(first.value)}; ${this.#held.length} readings are left out`;
    yield sourceError(first.line, first.column, 'register-went-back', message);
    this.#held = [];
  }

  *#hold(state: RegisterState, base: RegisterState): Generator<AdvanceEvent, void, undefined> {
    this.#held.push(state);
    const [first = state, ...rest] = this.#held;
    const stays = this.#held.length >= enoughStates && state.at - first.at >= enoughSeconds;
    if (!stays && this.#held.length < mostHeld) return;
    const message = `the register fell from ${written(base.value)} to ${written(first.value)} and stayed below; what was used between is not known`;
    yield sourceError(first.line, first.column, 'register-reset', message);
    this.#rebase(first);
    this.#held = [];
    for (const one of rest) yield* this.#follow(one, this.#base ?? first, this.#held.at(-1) ?? this.#base ?? first);
  }
}
