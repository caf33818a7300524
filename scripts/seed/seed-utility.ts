import * as z from 'zod';
import type { HourlyTenths } from '#functions/reference/rules/hourly-temperatures.ts';
import type { Tariff } from '#functions/reference/rules/tariff.ts';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { StoryClock } from '#shared/runtime/clock.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { Currency } from '#shared/vocabulary/money.ts';
import { instantOf, localDateAt } from '#shared/vocabulary/time.ts';
import { blocksOf, type DayBlock } from './blocks.ts';
import type { StoryOptions } from './calendar.ts';
import type { StoryMeter } from './meters.ts';
import { type FactBatch, factBatchesOf } from './plan.ts';
import { tariffsOf, temperaturesOf } from './reference.ts';
import { type Story, storyOf } from './story.ts';

/** A meter as the head end makes it known; it has no certificate, since its days come with the seed. */
export interface SeedMeter {
  readonly serial: string;
  readonly registers: Register[];
}

/** Version of the story's telling. A seed that another one began cannot go on; one that it ended stands as it is. */
const storyVersion = 3;

/** How far a seed has come in one data folder, and which story it is: a folder keeps one. */
export const SeedPosition = z.strictObject({
  version: z.int(),
  options: z.strictObject({
    seed: z.string(),
    customers: z.int(),
    months: z.int(),
    until: LocalDate,
    zone: z.string(),
    currency: Currency,
  }),
  factBatches: z.int().describe('Batches of facts that are kept.'),
  parties: z.int().describe('Parties whose meter days are handed over.'),
  ended: z
    .strictObject({ facts: z.int(), meters: z.int() })
    .optional()
    .describe('Counts, once the story is told to its end.'),
});
export type SeedPosition = z.infer<typeof SeedPosition>;

/** The doors of the system that the story comes in by. Everything may be sent again: the same facts and blocks change nothing. */
export interface SeedDoors {
  /** Resolves when every fact is kept; throws where one was refused, quarantined or left waiting. */
  submitFacts(facts: readonly IncomingFact[], at: string): Promise<void>;
  /** Keeps the prices of a tariff. */
  putTariff(tariff: Tariff, at: string): Promise<void>;
  /** Keeps temperatures that hold everywhere. */
  putTemperatures(hours: HourlyTenths): Promise<void>;
  /** Id of the meter; the same serial again answers the same id. */
  registerMeter(meter: SeedMeter, at: string): Promise<string>;
  /** Resolves when the blocks are durable in the stream. */
  appendBlocks(blocks: readonly DayBlock[], at: string): Promise<void>;
  /** Resolves when streams and feeds have nothing left to do. */
  settle(): Promise<void>;
  /** The clock of the system while it is seeded. */
  readonly clock: StoryClock;
  progress(done: number, total: number, words: string): void;
  /** Where the seed stands; durable. */
  readonly position: {
    read(): Promise<SeedPosition | undefined>;
    write(position: SeedPosition): Promise<void>;
  };
}

/** What the seed made known. */
export interface SeedReport {
  /** What the folder holds. */
  readonly options: StoryOptions;
  readonly facts: number;
  readonly meters: number;
  /** Blocks handed over by this run; a run that went on after a stop hands over the rest only. */
  readonly blocks: number;
  /** Whether an earlier run had done a part, or all. */
  readonly resumed: boolean;
}

/** Batches of facts on their way at a time. */
const batchesAtOnce = 8;
/** Blocks handed over at once, at the least; a party's go together. */
const blocksAtOnce = 800;
/** Blocks after which the stream is given time to be worked off. */
const blocksBeforeSettling = 16_000;

const words: Readonly<Record<keyof StoryOptions, string>> = {
  seed: '--seed',
  customers: '--customers',
  months: '--months',
  until: '--until',
  zone: '--time-zone',
  currency: '--currency',
};

const refuseOther = (position: SeedPosition, asked: Partial<StoryOptions>): void => {
  const { options, version, ended } = position;
  if (version !== storyVersion && ended === undefined) {
    throw new DomainError(
      'conflict',
      'seed.other-version',
      'another version of Rotunda began to seed this folder and did not end; end it with that version, or choose another folder',
    );
  }
  const names = ['seed', 'customers', 'months', 'until', 'zone', 'currency'] as const;
  const other = names.filter((name) => asked[name] !== undefined && asked[name] !== options[name]);
  if (other.length === 0) return;
  const held = names.map((name) => `${words[name]} ${options[name]}`).join(' ');
  throw new DomainError(
    'conflict',
    'seed.other-story',
    `this folder holds a seeded utility of its own (${held}); another one needs another folder`,
  );
};

const startingPosition = async (
  doors: SeedDoors,
  asked: Partial<StoryOptions>,
  defaults: StoryOptions,
): Promise<SeedPosition> => {
  const known = await doors.position.read();
  if (known === undefined) {
    return { version: storyVersion, options: { ...defaults, ...asked }, factBatches: 0, parties: 0 };
  }
  refuseOther(known, asked);
  return known;
};

class Playing {
  readonly #doors: SeedDoors;
  readonly #story: Story;
  readonly #batches: readonly FactBatch[];
  readonly #meterIds = new Map<string, string>();
  #position: SeedPosition;

  constructor(doors: SeedDoors, story: Story, position: SeedPosition) {
    this.#doors = doors;
    this.#story = story;
    this.#batches = factBatchesOf(story);
    this.#position = position;
  }

  async #advance(change: Partial<SeedPosition>): Promise<void> {
    this.#position = { ...this.#position, ...change };
    await this.#doors.position.write(this.#position);
  }

  #progress(words: string): void {
    const { factBatches, parties } = this.#position;
    this.#doors.progress(factBatches + parties, this.#batches.length + this.#story.cast.length, words);
  }

  async #meterId(meter: StoryMeter, at: number): Promise<string> {
    const known = this.#meterIds.get(meter.serial);
    if (known !== undefined) return known;
    const seedMeter: SeedMeter = {
      serial: meter.serial,
      registers: meter.registers.map(({ register }) => register),
    };
    const id = await this.#doors.registerMeter(seedMeter, instantOf(at));
    this.#meterIds.set(meter.serial, id);
    return id;
  }

  /** The next batches that may go side by side. */
  #nextRound(): readonly FactBatch[] {
    const from = this.#position.factBatches;
    const first = this.#batches[from];
    const next = this.#batches.slice(from, from + batchesAtOnce);
    return next.filter((batch) => batch.at === first?.at && batch.round === first.round);
  }

  /** What facts and readings refer to; the same again changes nothing. */
  async reference(): Promise<void> {
    const { options, calendar } = this.#story;
    for (const tariff of tariffsOf(options)) await this.#doors.putTariff(tariff, instantOf(calendar.from));
    for (const hours of temperaturesOf(calendar)) await this.#doors.putTemperatures(hours);
  }

  /** Sends the facts that are not kept yet; the clock goes from month to month. */
  async facts(): Promise<void> {
    const { clock } = this.#doors;
    while (this.#position.factBatches < this.#batches.length) {
      const round = this.#nextRound();
      const at = round[0]?.at ?? 0;
      if (clock.now() < at * 1000) {
        // Streams and feeds finish a month on its own clock.
        await this.#doors.settle();
        clock.set(at * 1000);
      }
      for (const batch of round) for (const meter of batch.meters) await this.#meterId(meter, batch.at);
      await Promise.all(round.map((batch) => this.#doors.submitFacts(batch.facts, instantOf(batch.at))));
      await this.#advance({ factBatches: this.#position.factBatches + round.length });
      this.#progress(`customers, bills and payments up to ${localDateAt(this.#story.options.zone, at)}`);
    }
    await this.#doors.settle();
  }

  /** Hands over the meter days that are not in the stream yet; answers how many. */
  async blocks(): Promise<number> {
    const { calendar, cast } = this.#story;
    this.#doors.clock.set(calendar.to * 1000);
    let pending: DayBlock[] = [];
    let late: DayBlock[] = [];
    let sent = 0;
    let settledAt = 0;
    for (const [index, party] of cast.entries()) {
      if (index < this.#position.parties) continue;
      const meters = this.#story.tell(party).supplies.flatMap(({ points }) => points.flatMap((point) => point.meters));
      for (const meter of meters) {
        const id = await this.#meterId(meter, calendar.to);
        pending.push(...blocksOf(calendar, meter, id, 'in-time'));
        late.push(...blocksOf(calendar, meter, id, 'late'));
      }
      if (pending.length < blocksAtOnce && index < cast.length - 1) continue;
      await this.#hand(pending);
      await this.#hand(late);
      sent += pending.length + late.length;
      [pending, late] = [[], []];
      await this.#advance({ parties: index + 1 });
      this.#progress(`meter days of customer ${party.number} of ${this.#story.options.customers}`);
      if (sent - settledAt >= blocksBeforeSettling) {
        await this.#doors.settle();
        settledAt = sent;
      }
    }
    await this.#doors.settle();
    return sent;
  }

  async #hand(blocks: readonly DayBlock[]): Promise<void> {
    if (blocks.length > 0) await this.#doors.appendBlocks(blocks, instantOf(this.#story.calendar.to));
  }

  async finish(): Promise<NonNullable<SeedPosition['ended']>> {
    const facts = this.#batches.reduce((sum, batch) => sum + batch.facts.length, 0);
    const meters = this.#batches.reduce((sum, batch) => sum + batch.meters.length, 0);
    const ended = { facts, meters };
    await this.#advance({ ended });
    return ended;
  }
}

/**
 * Plays the story of a seeded utility through the real system. Goes on where an earlier run was stopped, and does nothing where
 * one came to its end; either way the system ends as after an undisturbed run. What was not asked for is as the folder has it,
 * in a new folder as the defaults say. Throws DomainError('conflict', 'seed.other-story' | 'seed.other-version').
 */
export const seedUtility = async (
  doors: SeedDoors,
  asked: Partial<StoryOptions>,
  defaults: StoryOptions,
): Promise<SeedReport> => {
  const position = await startingPosition(doors, asked, defaults);
  const { options, ended } = position;
  const resumed = position.factBatches > 0;
  if (ended !== undefined) return { options, ...ended, blocks: 0, resumed };
  const playing = new Playing(doors, storyOf(options), position);
  await playing.reference();
  await playing.facts();
  const blocks = await playing.blocks();
  return { options, ...(await playing.finish()), blocks, resumed };
};
