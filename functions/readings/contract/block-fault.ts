/** Why bytes are no block: a JSON pointer to the field and a code. Those from `cut-off` on are a frame's alone. */
export interface BlockFault {
  readonly pointer: string;
  readonly code:
    | 'not-json'
    | 'not-an-object'
    | 'unknown-field'
    | 'wrong-version'
    | 'wrong-meter'
    | 'wrong-register'
    | 'wrong-start'
    | 'wrong-interval'
    | 'wrong-values'
    | 'wrong-quality'
    | 'wrong-methods'
    | 'wrong-seq'
    | 'wrong-revision'
    | 'cut-off'
    | 'trailing-bytes'
    | 'wrong-flags'
    | 'wrong-number';
}
