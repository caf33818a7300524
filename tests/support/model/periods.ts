/** What a source says: that a holder has a thing for a time. In the order in which it was told. */
export interface Claim {
  readonly id: string;
  readonly holder: string;
  readonly source: string;
  readonly from: string;
  /** As it was told. */
  readonly to: string | undefined;
}

/** Who has a thing over a stretch: one claim, or several of different holders that are in dispute. */
export interface Stretch {
  readonly from: string;
  readonly to: string | undefined;
  readonly ids: readonly string[];
  readonly isDisputed: boolean;
}

/** Claims that stand at an instant: the latest of each source that has not ended, where nothing later of the holder replaced it. */
const standingAt = (claims: readonly Claim[], at: string): readonly Claim[] => {
  const lasting = claims.filter(({ from, to }) => to === undefined || from < to);
  const said = lasting.filter(
    (one, n) => !lasting.slice(n + 1).some((later) => later.source === one.source && later.from === one.from),
  );
  return said.filter((one) => {
    const twins = said.filter((other) => other.holder === one.holder && other.from === one.from);
    const isOver = twins.some(({ to }) => to !== undefined && to <= at);
    const isReplaced = said.some(
      (other) =>
        other.from > one.from && other.from <= at && (other.source === one.source || other.holder === one.holder),
    );
    return one.from <= at && !isOver && !isReplaced;
  });
};

/** Who has a thing when, asked at each instant at which anything may change. */
export const stretchesOf = (claims: readonly Claim[]): readonly Stretch[] => {
  const edges = [...new Set(claims.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])))].sort();
  const stretches: Stretch[] = [];
  for (const [n, from] of edges.entries()) {
    const standing = standingAt(claims, from);
    if (standing.length === 0) continue;
    const isDisputed = new Set(standing.map(({ holder }) => holder)).size > 1;
    const ids = isDisputed ? standing.map(({ id }) => id).sort() : standing.slice(-1).map(({ id }) => id);
    const last = stretches.at(-1);
    const goesOn = last?.to === from && last.isDisputed === isDisputed && last.ids.join() === ids.join();
    if (goesOn) stretches.pop();
    stretches.push({ from: goesOn ? last.from : from, to: edges[n + 1], ids, isDisputed });
  }
  return stretches;
};
