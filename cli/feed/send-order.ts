/** Numbers in [0, 1) from a seed (mulberry32): the same seed, the same order. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export interface SendOrder {
  readonly order: 'file' | 'shuffled';
  /** Share of the messages that are sent a second time, 0 to 1. */
  readonly duplicate: number;
  readonly seed: number;
}

/** The messages as they are sent: some twice (a repeat directly after the first, or anywhere when shuffled). */
export const inSendOrder = <Message>(
  messages: readonly Message[],
  { order, duplicate, seed }: SendOrder,
): readonly Message[] => {
  const random = seededRandom(seed);
  const sent = messages.flatMap((message) => (random() < duplicate ? [message, message] : [message]));
  if (order === 'file') return sent;
  for (let index = sent.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [left, right] = [sent[index], sent[other]];
    if (left === undefined || right === undefined) continue;
    sent[index] = right;
    sent[other] = left;
  }
  return sent;
};
