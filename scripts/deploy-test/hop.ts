/**
 * A hop of the architecture, and how the deploy test covers it. `driven`: by the deployed parts alone. `bridged`: the test stands in
 * for what the emulator lacks. `asserted`: nothing here does it; the synthesised templates are held to it elsewhere.
 */
export interface Hop {
  readonly hop: string;
  readonly state: 'driven' | 'bridged' | 'asserted';
  /** Checks that cover it, by name; all must have passed. */
  readonly checks: readonly string[];
  /** Rules of the templates that belong to it and that no function names, by their names without stage. */
  readonly rules?: readonly string[];
  /** What stands in, or where the templates are held to it. */
  readonly note?: string;
}

/** Test that holds the synthesised templates. */
export const infra = (name: string): string => `tests/infra/${name}.ts`;
