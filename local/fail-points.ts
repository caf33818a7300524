import { appendFile } from 'node:fs/promises';
import type { Objects } from '#shared/messaging/ports.ts';
import type { Table } from '#shared/table/table.ts';

/**
 * Points of the work at which a test ends this process as a power cut would, without a word: between two writes that no
 * transaction holds together. Nothing is wrapped unless `ROTUNDA_TEST_FAIL_POINT=<name>[:<n>]` is set; then the process kills
 * itself at the n-th pass (the first where n is absent).
 */
export const failPointNames = [
  /** A block is in the telemetry stream, the meter has no acknowledgement. */
  'telemetry.appended',
  /** What a chunk of an import brings is written down, nothing of it is sent. */
  'imports.planned',
  /** A block of an import is in the telemetry stream, the others of its chunk may not be. */
  'imports.sent',
  /** Blocks are in the readings table, the stream's position is not stored. */
  'ingest.put',
  /** A usage item is written, the position is not stored. */
  'usage.written',
  /** An event is on the inbound bus and acknowledged, its fact is not kept. */
  'inbound.appended',
  /** A transaction of the profile table is written, e.g. a part of a merge; what goes on after it is not. */
  'record.written',
  /** Facts are kept, nobody was told. */
  'fact.committed',
  /** Facts are kept, the relay has not published them. */
  'relay.unpublished',
  /** The relay has published, its position is not stored. */
  'relay.published',
  /** Readers or names are placed, the position of the follower is not stored. */
  'follow.written',
  /** A subject of a replay is folded anew, where its segment stands is not written. */
  'replay.refolded',
  /** A step of an erasure is written, the ones behind it are not. */
  'erasure.written',
  /** A link of an audit chain is written, the position is not stored. */
  'audit.linked',
  /** A certificate is in the registry, the meter is not in the table. */
  'device.issued',
  /** A part of the seeded utility is in, the seed's position is not stored. */
  'seed.kept',
] as const;
export type FailPointName = (typeof failPointNames)[number];

type Act<Args extends readonly unknown[], Answer> = (...args: Args) => Promise<Answer>;

/** Wraps parts of the system so that their work passes a point. */
export interface FailPoints {
  /** The point is passed when the act is asked for. */
  before<Args extends readonly unknown[], Answer>(name: FailPointName, act: Act<Args, Answer>): Act<Args, Answer>;
  /** The point is passed when the act has succeeded. */
  after<Args extends readonly unknown[], Answer>(name: FailPointName, act: Act<Args, Answer>): Act<Args, Answer>;
  /** The point is passed after each commit and each batch of puts. */
  table(name: FailPointName, table: Table): Table;
  /** The point is passed after each object that is put. */
  objects(name: FailPointName, objects: Objects): Objects;
}

const killThisProcess = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

/**
 * @param setting `<name>` or `<name>:<n>`; absent, nothing is wrapped
 * @param end what happens at the n-th pass
 * @throws TypeError where the setting names no point
 */
export const failPointsOf = (setting: string | undefined, end: () => void = killThisProcess): FailPoints => {
  const [wanted, count = '1'] = setting?.split(':') ?? [];
  const known = wanted === undefined || failPointNames.some((name) => name === wanted);
  if (!known || !/^[1-9]\d*$/.test(count)) throw new TypeError(`no fail point ${setting}`);
  let left = Number(count);
  const pass = (): void => {
    left -= 1;
    if (left === 0) end();
  };
  const after: FailPoints['after'] = (name, act) =>
    name !== wanted
      ? act
      : async (...args) => {
          const answer = await act(...args);
          pass();
          return answer;
        };
  return {
    after,
    before: (name, act) =>
      name !== wanted
        ? act
        : (...args) => {
            pass();
            return act(...args);
          },
    objects: (name, objects) => (name !== wanted ? objects : { ...objects, put: after(name, objects.put) }),
    table: (name, table) =>
      name !== wanted
        ? table
        : {
            name: table.name,
            get: (key, options) => table.get(key, options),
            query: (query) => table.query(query),
            scan: (scan) => table.scan(scan),
            commit: after(name, (writes) => table.commit(writes)),
            batchPut: after(name, (items) => table.batchPut(items)),
            close: () => table.close(),
          },
  };
};

/** The points of this process. */
export const failPoints = failPointsOf(process.env.ROTUNDA_TEST_FAIL_POINT);

/**
 * A subscriber of the outbound bus for tests: with `ROTUNDA_TEST_EVENTS_FILE` each event that is delivered is a JSON line of that
 * file. Nobody subscribes where the variable is not set.
 */
export const deliverEvents = async (event: unknown): Promise<void> => {
  const path = process.env.ROTUNDA_TEST_EVENTS_FILE;
  if (path !== undefined) await appendFile(path, `${JSON.stringify(event)}\n`);
};
