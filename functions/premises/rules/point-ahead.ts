import type { Installation } from '#shared/profile/rules/installations.ts';
import { covers, isOver, type Period } from '#shared/profile/rules/periods.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import type { ConnectionState } from '#shared/vocabulary/statuses.ts';

interface PlacedMeter extends Period {
  readonly id: string;
  readonly serial: string | null;
}

/** A service point from an instant on: how it stands then, and what is to come of it. Instants in stored form. */
export interface PointAhead {
  readonly connection: ConnectionState;
  /** What comes after, the nearest first. */
  readonly changes: readonly { readonly at: string; readonly connection: ConnectionState }[];
  /** Meters that measure it then or later, in the order they come. */
  readonly meters: readonly PlacedMeter[];
}

/** How a service point stands at an instant, and what is planned then: that is done on its day, and not before. */
export interface PointNow {
  readonly connection: ConnectionState;
  readonly meter: { readonly id: string; readonly serial: string | null } | null;
  readonly planned: {
    readonly connection?: { readonly to: ConnectionState; readonly at: string };
    /** The next meter that is to come, and when. */
    readonly meter?: { readonly id: string; readonly serial: string | null; readonly at: string };
    /** When the meter is to be taken away. */
    readonly removalAt?: string;
  };
}

const byFrom = (one: Period, other: Period): number => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0);

/** A service point from an instant on, as a premise knows it. */
export const pointAhead = (
  point: Pick<ServicePoint, 'id' | 'connection' | 'changes'>,
  installations: readonly Installation[],
  since: string,
): PointAhead => {
  const said = (point.changes ?? []).flatMap(({ at, connection }) =>
    connection === undefined ? [] : [{ at, connection }],
  );
  return {
    connection: said.findLast(({ at }) => at <= since)?.connection ?? point.connection,
    changes: said.filter(({ at }) => at > since),
    meters: installations
      .filter((one) => one.servicePoint === point.id && !isOver(one, since))
      .toSorted(byFrom)
      .map(({ meter, serial, from, to }) => ({ id: meter, serial, from, to })),
  };
};

/** How it stands at an instant not before the one it is known from. */
export const pointAt = ({ connection, changes, meters }: PointAhead, now: string): PointNow => {
  const present = meters.findLast((one) => covers(one, now));
  const [next] = changes.filter(({ at }) => at > now);
  const coming = meters.find(({ from, id }) => from > now && id !== present?.id);
  const plain = ({ id, serial }: PlacedMeter) => ({ id, serial });
  return {
    connection: changes.findLast(({ at }) => at <= now)?.connection ?? connection,
    meter: present === undefined ? null : plain(present),
    planned: {
      ...(next === undefined ? {} : { connection: { to: next.connection, at: next.at } }),
      ...(coming === undefined ? {} : { meter: { ...plain(coming), at: coming.from } }),
      ...(present === undefined || present.to === null ? {} : { removalAt: present.to }),
    },
  };
};

/** What of the plans for a point is told: those of an instant that is, none as undefined. */
export const plannedView = ({ connection, meter, removalAt }: PointNow['planned'], isTold: (at: string) => boolean) => {
  const told = {
    ...(connection !== undefined && isTold(connection.at) ? { connection: { ...connection } } : {}),
    ...(meter !== undefined && isTold(meter.at)
      ? { meter: { id: meter.id, ...(meter.serial === null ? {} : { serial: meter.serial }), at: meter.at } }
      : {}),
    ...(removalAt !== undefined && isTold(removalAt) ? { removalAt } : {}),
  };
  return Object.keys(told).length === 0 ? undefined : told;
};
