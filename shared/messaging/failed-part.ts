/** Part of a batch that is handed over at once, with the attempts its first record has behind it. */
export interface Part<Record> {
  readonly records: readonly Record[];
  readonly attempts: number;
}

/** Records that are tried no more. */
export interface GivenUp<Record> extends Part<Record> {
  readonly reason: 'retries' | 'age';
}

export interface FailureLimits<Record> {
  /** Attempts after the first. */
  readonly retries: number;
  /** Whether a failing part is split to find the record at fault; a split does not count as an attempt. */
  readonly bisect: boolean;
  readonly isOld: (record: Record) => boolean;
}

/**
 * What becomes of a part whose first record failed: given up, split, or tried again. `named` says that the function itself named
 * the first record, so that it alone is set apart; else the part is halved.
 */
export const nextSteps = <Record>(
  failed: Part<Record>,
  named: boolean,
  limits: FailureLimits<Record>,
): { readonly givenUp?: GivenUp<Record>; readonly next: readonly Part<Record>[] } => {
  const { records, attempts } = failed;
  if (limits.bisect && records.length > 1) {
    const cut = named ? 1 : Math.ceil(records.length / 2);
    return {
      next: [
        { records: records.slice(0, cut), attempts: named ? attempts : 0 },
        { records: records.slice(cut), attempts: 0 },
      ],
    };
  }
  const young = records.findIndex((record) => !limits.isOld(record));
  const old = young < 0 ? records.length : young;
  if (old > 0) {
    const rest = records.slice(old);
    return {
      givenUp: { records: records.slice(0, old), attempts, reason: 'age' },
      next: rest.length > 0 ? [{ records: rest, attempts }] : [],
    };
  }
  return attempts > limits.retries ? { givenUp: { ...failed, reason: 'retries' }, next: [] } : { next: [failed] };
};
