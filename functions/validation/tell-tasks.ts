import { installationAt } from '#functions/readings/rules/accept-message.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import type { Change, Table } from '#shared/table/table.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import { type MeterTask, meterTaskOfItem } from './store/meter-tasks.ts';

/** The fact that a task's item amounts to; undefined where the task neither was opened nor closed. */
export const factOfTask = (
  before: MeterTask | undefined,
  after: MeterTask,
  servicePoint: string,
): ToldFact | undefined => {
  if ((before?.isOpen === true) === after.isOpen) return undefined;
  const { meter, kind, number, since, until, evidence } = after;
  const common = { servicePoint, meter, task: kind, number, since: instantOf(since) };
  const event = `task:${meter}:${kind}:${number}`;
  if (after.isOpen) {
    const data = { ...common, evidence: evidence.slice(0, mostEvidence) };
    return { type: 'metering.task.opened.v1', event: `${event}:opened`, occurredAt: instantOf(since), data };
  }
  const end = until ?? since;
  const data = { ...common, until: instantOf(end) };
  return { type: 'metering.task.closed.v1', event: `${event}:closed`, occurredAt: instantOf(end), data };
};

const mostEvidence = 20;

/** The fact of a change of the readings table: of a task for a meter that was opened or closed, for the premise. */
export const toldOfTask = async (profile: Table, { before, after }: Change): Promise<ToldFact | undefined> => {
  const now = after === undefined ? undefined : meterTaskOfItem(after);
  if (now === undefined) return undefined;
  const installations = (await readMeter(profile, now.meter))?.installations ?? [];
  // What is estimated for long may begin before the meter that it is of.
  const place =
    installationAt(installations, now.since) ?? installations.find(({ from }) => Date.parse(from) >= now.since * 1000);
  if (place === undefined) return undefined;
  return factOfTask(before === undefined ? undefined : meterTaskOfItem(before), now, place.servicePoint);
};
