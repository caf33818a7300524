import { type Clock, StoryClock, systemClock } from '#shared/runtime/clock.ts';

/** The clock of a system that is seeded and then lives on: the story's while it is told, the machine's afterwards. */
export class SwitchClock implements Clock {
  readonly story = new StoryClock(0);
  #current: Clock = systemClock;

  now(): number {
    return this.#current.now();
  }
  tellStory(): void {
    this.#current = this.story;
  }
  live(): void {
    this.#current = systemClock;
  }
}
