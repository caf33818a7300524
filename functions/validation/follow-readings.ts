import { endOf } from '#functions/readings/rules/runs.ts';
import { blockOf } from '#functions/readings/store/readings.ts';
import { readOfItem } from '#functions/readings/store/register-reads.ts';
import { readingsBlockOf, readingsSeriesOf, registerReadsOf } from '#shared/table/keys.ts';
import type { Change } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { JudgeRegister } from './judge-register.ts';
import { newsOfPlaces } from './news-of-places.ts';
import { daysLeftPlace } from './store/days-left.ts';
import type { RegisterPlace } from './store/judged-registers.ts';

/** Instants on the days that a change of an item touches; none for new estimates, which judging wrote itself. */
const instantsOf = ({ key, before, after }: Change): readonly number[] => {
  const items = [before, after].flatMap((item) => item ?? []);
  if (readingsSeriesOf(key.pk) !== undefined) {
    if (readingsBlockOf(key.sk).kind === 'estimate' && after !== undefined) return [];
    return items.flatMap((item) => {
      const { run } = blockOf(item);
      return [run.start, Math.max(run.start, endOf(run) - run.interval)];
    });
  }
  return [];
};

/** Instants of register reads that a change of an item brings or takes. */
const readsOf = ({ before, after }: Change): readonly number[] =>
  [before, after].flatMap((item) => (item === undefined ? [] : [readOfItem(item).at]));

/** Whether a change takes readings away. */
const takes = ({ key, after }: Change): boolean =>
  after === undefined && readingsSeriesOf(key.pk) !== undefined && readingsBlockOf(key.sk).kind !== 'estimate';

/** Days that one batch of changes has judged; what is more is left for the changes that this brings about. */
const mostDays = 1000;
/** Days of a register that are judged whatever the others of the batch brought. */
const leastDays = 3;

/** What is told of registers, together for each. */
class ByRegister<Told> {
  readonly #known = new Map<string, { readonly place: RegisterPlace; readonly told: Set<Told> }>();

  add(place: RegisterPlace, told: readonly Told[]): void {
    const name = `${place.meter}#${place.register}`;
    const there = this.#known.get(name) ?? { place, told: new Set<Told>() };
    for (const one of told) there.told.add(one);
    this.#known.set(name, there);
  }

  all(): readonly { readonly place: RegisterPlace; readonly told: readonly Told[] }[] {
    return [...this.#known.values()].map(({ place, told }) => ({ place, told: [...told] }));
  }
}

/**
 * On changes of the readings table: judges the days of registers that readings, register reads or what happened at their places
 * speak of, and those left before.
 */
export const judgeReadings = async (judge: JudgeRegister, changes: readonly Change[]): Promise<void> => {
  const [came, reads, changed] = [new ByRegister<number>(), new ByRegister<number>(), new ByRegister<Range>()];
  const gone = new ByRegister<number>();
  const left = new Map<string, RegisterPlace>();
  for (const change of changes) {
    const carriedOn = change.after === undefined ? undefined : daysLeftPlace(change.key);
    if (carriedOn !== undefined) left.set(change.key.pk, carriedOn);
    const place = readingsSeriesOf(change.key.pk);
    if (place !== undefined) came.add(place, instantsOf(change));
    if (place !== undefined && takes(change)) gone.add(place, []);
    const dial = registerReadsOf(change.key.pk);
    if (dial !== undefined) reads.add(dial, readsOf(change));
    for (const one of await newsOfPlaces(judge.grounds, change)) changed.add(one.place, one.ranges);
  }
  for (const { place, told } of reads.all()) {
    const ofDays = await judge.reads.news(place, told);
    if (ofDays.length > 0) came.add(place, ofDays);
  }
  let judged = 0;
  const most = (): number => Math.max(leastDays, mostDays - judged);
  for (const { place, told } of came.all()) judged += await judge.news(place, told, most());
  for (const { place } of gone.all()) await judge.reads.intervalsGone(place);
  for (const { place, told } of changed.all()) judged += await judge.again(place, told, most());
  for (const place of left.values()) judged += await judge.goOn(place, most());
};
