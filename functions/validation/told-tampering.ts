import type { Table } from '#shared/table/table.ts';
import { noteEvidence, readMeterTasks } from './store/meter-tasks.ts';

/** Names what a meter told of tampering among the evidence of its task, until an exception of its day takes that place. */
const evidenceId = (meter: string, at: number): string => `${meter}.tamper.${at}`;
const secondOf = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

/**
 * What a meter told of tampering speaks for a task at once: its day is judged later, or never where nothing comes of it.
 * @param at Unix seconds
 * @param stands false where it was taken back
 */
export const followTampering = async (readings: Table, meter: string, at: number, stands: boolean): Promise<void> => {
  const id = evidenceId(meter, at);
  const task = { meter, kind: 'tamper' } as const;
  await noteEvidence(readings, task, stands ? { stands, id, since: at } : { stands, id, until: at });
};

/** From its exception on, which people can decide, it is the exception that speaks for the task. Unix seconds, half-open. */
export const giveWayToException = async (
  readings: Table,
  meter: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> => {
  const task = (await readMeterTasks(readings, meter)).find(({ kind }) => kind === 'tamper');
  for (const id of task?.isOpen === true ? task.evidence : []) {
    const at = secondOf(id);
    if (id === evidenceId(meter, at) && from <= at && at < to) await followTampering(readings, meter, at, false);
  }
};
