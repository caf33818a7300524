import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DeviceLink } from '#iot/connection.ts';
import { connectDevice } from '#iot/connection.ts';
import type { Enrolment } from '#tests/journeys/story/ground.ts';
import type { Ground, Stand } from './ground.ts';
import { RehearsedView } from './view.ts';

/** One step of the rehearsal; steps build on those before. */
export interface Step {
  /** Short name, for lists of what was seen. */
  readonly name: string;
  readonly title: string;
  /** Does it and answers what was seen, a line each. Throws where it is not as it should be. */
  run(): Promise<readonly string[]>;
}

/** Something that a step made and that goes at the end. */
interface Made {
  readonly what: string;
  remove(): Promise<unknown>;
}

/** What the steps of one rehearsal share. */
export class Rehearsal {
  readonly ground: Ground;
  /** The household of the rehearsal, by the name that its systems know it under: another each time. */
  readonly household = `rehearsal-${randomUUID().slice(0, 8)}`;
  readonly #made = new Set<Made>();
  #stand: Stand | undefined;
  meter: { readonly enrolment: Enrolment; readonly keyPem: string } | undefined;
  customer: string | undefined;

  constructor(ground: Ground) {
    this.ground = ground;
  }

  get stand(): Stand {
    assert.ok(this.#stand, 'the stage does not stand');
    return this.#stand;
  }

  /** Looks anew at what stands, after a deployment. */
  async open(): Promise<Stand> {
    this.#stand = await this.ground.open(this.ground.stage, this.#stand?.signIn);
    return this.#stand;
  }

  /** Tells of something that a step makes; it goes at the end, whatever happens between. The answer takes that back: it is gone. */
  made(what: string, remove: Made['remove']): () => void {
    const made = { what, remove };
    this.#made.add(made);
    return () => this.#made.delete(made);
  }

  /** Removes what steps made, last made first; answers a line for each, with what stands in the way. */
  async cleanUp(): Promise<{ readonly lines: readonly string[]; readonly failed: number }> {
    const lines: string[] = [];
    let failed = 0;
    const left = [...this.#made].toReversed();
    this.#made.clear();
    for (const { what, remove } of left) {
      try {
        await remove();
        lines.push(`removed  ${what}`);
      } catch (error) {
        failed += 1;
        lines.push(`LEFT     ${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { lines, failed };
  }

  /** What the first user sees of the customer. */
  async view(): Promise<RehearsedView> {
    assert.ok(this.customer, 'there is no customer yet');
    const path = `/v1/customers/${this.customer}/360`;
    const { json } = await this.stand.api.must({ path, as: { role: 'agent' } });
    return RehearsedView.parse(json);
  }

  /** Connects the meter with its key for as long as something is done. */
  async connected<Result>(act: (line: DeviceLink, meter: Enrolment) => Promise<Result>): Promise<Result> {
    assert.ok(this.meter, 'no meter is registered');
    const { enrolment, keyPem } = this.meter;
    const line = await connectDevice({ ...enrolment, keyPem, connectAttempts: 3 });
    try {
      return await act(line, enrolment);
    } finally {
      await line.close();
    }
  }
}

/** `12.3 s` since a moment of `performance.now()`. */
export const secondsSince = (startedMs: number): string => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
