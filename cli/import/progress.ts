import type { ImportStanding } from './import-api.ts';

/** Milliseconds between two lines. */
const lineEvery = 2000;

const duration = (seconds: number): string => {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
};

/** What an import does, line by line: how far it is, how fast, and how long it may still take. */
export class Progress {
  readonly #from: Pick<ImportStanding, 'readBytes' | 'counts'>;
  readonly #began: number;
  #next: number;

  /** @param now milliseconds */
  constructor(from: ImportStanding, now: number) {
    this.#from = from.state === 'reading' ? from : { readBytes: 0, counts: { ...from.counts, read: 0 } };
    this.#began = now;
    this.#next = now + lineEvery;
  }

  /** The next line; undefined where the last one is not old enough. */
  line({ state, readBytes, bytes, counts, points, waitsFor }: ImportStanding, now: number): string | undefined {
    if (now < this.#next) return undefined;
    this.#next = now + lineEvery;
    if (waitsFor !== undefined) return `waiting for ${waitsFor}, which tells the same registers`;
    if (state === 'uploaded')
      return points === undefined
        ? 'the file is here; looking at what it holds'
        : `${points.made} of ${points.of} points are made known`;
    if (state === 'settling') return `all is read; waiting until ${counts.blocks} blocks are stored`;
    if (state === 'undoing') return 'taking it back';
    if (state !== 'reading') return undefined;
    const seconds = (now - this.#began) / 1000;
    const share = Math.floor((readBytes / bytes) * 100);
    const rate = Math.round((counts.read - this.#from.counts.read) / seconds);
    const bytesRate = (readBytes - this.#from.readBytes) / seconds;
    const left = bytesRate > 0 ? `, about ${duration((bytes - readBytes) / bytesRate)} left` : '';
    return `${share} % read, ${counts.read} intervals, ${rate} a second${left}`;
  }
}
