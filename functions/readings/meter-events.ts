import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { MeterInstallation, MeterItem } from '#shared/profile/store/meters.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { MeterEvent } from './contract/meter-event.ts';
import { installationAt } from './rules/accept-message.ts';

/** The source that what meters tell of themselves stands under. */
const source = 'meters';

/** A meter as sender: the connection proved which it is, and it speaks for the source of meters alone. */
export const meterSender = (thing: string): Sender => ({
  actor: `system:meter:${thing}`,
  speaksFor: (system) => (system === source ? sourceNamed(system) : undefined),
  supervisor: false,
});

/** Namespace of the reference by which an outage is found that a meter told of: its id and the second power went. */
const outageNamespace = 'meter-outage';

const factOf = (type: string, sourceEventId: string, at: number, data: Readonly<Record<string, unknown>>) => ({
  type,
  source: { system: source, channel: 'meter' as const },
  sourceEventId,
  occurredAt: instantOf(at),
  data,
});

/** What a meter told of itself, for its service point. */
const recorded = ({ id }: MeterItem, { servicePoint }: MeterInstallation, { event, at, value }: MeterEvent) =>
  factOf('metering.event.recorded.v1', `${id}:${at}:${event}`, at, {
    servicePoint,
    meter: id,
    event,
    ...(value === undefined ? {} : { value }),
  });

const commodityOf = (meter: MeterItem) => meter.registers[0]?.commodity ?? 'electricity';

const outageSince = (meter: MeterItem, { premise }: MeterInstallation, since: number) =>
  factOf('service.outage.reported.v1', `${meter.id}:${since}:outage`, since, {
    premise,
    commodity: commodityOf(meter),
    startedAt: instantOf(since),
    references: [{ namespace: outageNamespace, value: `${meter.id}:${since}` }],
  });

/**
 * What a meter's event says as facts, to go in together and in this order. The ids of the facts follow from the meter and the
 * instant alone: an outage told by a last gasp, by the event and by the restoration is one outage, whichever comes first, and a
 * restoration whose outage was never heard of brings both. A meter of gas or water tells of its own battery: that is no outage, but
 * stands with its service point. Empty where the meter measured nowhere then.
 */
export const factsOfEvent = (meter: MeterItem, event: MeterEvent): readonly ReturnType<typeof factOf>[] => {
  const { at, since } = event;
  const place = installationAt(meter.installations, since ?? at) ?? installationAt(meter.installations, at);
  if (place === undefined) return [];
  if (commodityOf(meter) !== 'electricity') return [recorded(meter, place, event)];
  switch (event.event) {
    case 'power-outage':
    case 'last-gasp':
      return [outageSince(meter, place, at)];
    case 'power-restoration': {
      const outage = { namespace: outageNamespace, value: `${meter.id}:${since ?? at}` };
      const restored = { outage, premise: place.premise, restoredAt: instantOf(at) };
      return [
        outageSince(meter, place, since ?? at),
        factOf('service.outage.restored.v1', `${meter.id}:${at}:restoration`, at, restored),
      ];
    }
    case 'tamper':
    case 'leak':
    case 'clock':
      return [recorded(meter, place, event)];
  }
};
