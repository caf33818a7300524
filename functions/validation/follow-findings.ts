import type { Table } from '#shared/table/table.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import type { MeterTaskKind } from '#shared/vocabulary/statuses.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { VeeFinding } from './rules/findings.ts';
import type { RegisterGround } from './rules/judgement.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { noteEvidence } from './store/meter-tasks.ts';
import { readException, type StoredException } from './store/reading-exceptions.ts';
import { giveWayToException } from './told-tampering.ts';

/** Tasks that follow from a row of days, by the rule that finds it. */
const taskOfRow: Partial<Readonly<Record<RuleId, MeterTaskKind>>> = {
  'prolonged-estimation': 'prolonged-estimation',
  zero: 'zero',
};

/**
 * What judging days says of tasks for their meter: a row of estimated days or of zeros that reaches the end of the last closed day
 * speaks for one, any other no longer does.
 * @param closed the last date that is closed
 */
export const followFindings = async (
  readings: Table,
  { meter }: RegisterPlace,
  { register: { zone } }: RegisterGround,
  findings: readonly VeeFinding[],
  closed: string,
): Promise<void> => {
  const end = startOfDate(zone, addDays(closed, 1));
  for (const { id, ruleId, state, from, to } of findings) {
    const task = taskOfRow[ruleId];
    if (task === undefined) continue;
    const stands = state === 'due' && to >= end;
    await noteEvidence(
      readings,
      { meter, kind: task },
      stands ? { stands, id, since: from } : { stands, id, until: to },
    );
  }
};

/** Events that somebody should look after at the meter itself. */
const meddled: ReadonlySet<unknown> = new Set(['tamper', 'reverse-rotation']);

const stands = ({ state }: StoredException): boolean => state === 'open' || state === 'filled';

/** What an exception that was written says of tasks: of a row only that it ended or was dismissed; of meddling all. */
export const followException = async (readings: Table, told: RegisterPlace & StoredException): Promise<void> => {
  const { ruleId, id, evidence } = told.exception;
  const isMeddled = ruleId === 'meter-event' && meddled.has(evidence.event);
  const kind = isMeddled ? 'tamper' : taskOfRow[ruleId];
  if (kind === undefined || (stands(told) && !isMeddled)) return;
  // As it is now: what is told may come again, late.
  const now = await readException(readings, id);
  if (now === undefined || (stands(now) && !isMeddled)) return;
  const { from, to } = now.exception;
  const found = stands(now) ? { stands: true as const, id, since: from } : { stands: false as const, id, until: to };
  await noteEvidence(readings, { meter: told.meter, kind }, found);
  if (isMeddled) await giveWayToException(readings, told.meter, { from, to });
};
