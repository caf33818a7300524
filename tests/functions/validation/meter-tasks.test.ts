import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followException, followFindings } from '#functions/validation/follow-findings.ts';
import { defaultConfiguration } from '#functions/validation/rules/configuration.ts';
import type { VeeFinding } from '#functions/validation/rules/findings.ts';
import { exceptionOf } from '#functions/validation/rules/judgement.ts';
import {
  type Evidence,
  type MeterTask,
  noteEvidence,
  readMeterTasks,
  withEvidence,
} from '#functions/validation/store/meter-tasks.ts';
import { exceptionWrite, readException } from '#functions/validation/store/reading-exceptions.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { halfHours, meterId } from '#tests/support/meters/telemetry.ts';
import { homePoint, openHome } from '#tests/support/supplied-home.ts';
import { dayOf, judgedHome, zone } from './judged-home.ts';

const at = startOfDate(zone, '2026-05-04');
const meter = meterId('m1');
const task = { meter, kind: 'zero' } as const;

const told = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  stands: fc.boolean(),
  day: fc.nat(20),
});
const manyTold = fc.array(told, { maxLength: 30 });
const evidenceOf = ({ id, stands, day }: { readonly id: string; readonly stands: boolean; readonly day: number }) =>
  ({ id, stands, ...(stands ? { since: at + day * 86_400 } : { until: at + day * 86_400 }) }) as Evidence;

const eventOf = (event: string) =>
  exceptionOf({ meter, register: { id: 'E1' } }, 'meter-event', {
    ...{ from: at, to: at + 1800 },
    severity: 'warn',
    evidence: { event },
  });

describe('a task for a meter', () => {
  it('is open exactly while something speaks for it, and is another one each time it is opened', () => {
    fc.assert(
      fc.property(manyTold, (all) => {
        let now: MeterTask | undefined;
        let [opened, version] = [0, 0];
        const standing = new Set<string>();
        for (const one of all) {
          const wasOpen = standing.size > 0;
          if (one.stands) standing.add(one.id);
          else standing.delete(one.id);
          const after = withEvidence(now, task, evidenceOf(one));
          if (after !== undefined) {
            expect(after.version).toBe(version + 1);
            version = after.version;
            now = after;
          }
          if (!wasOpen && standing.size > 0) opened += 1;
          expect(now?.isOpen ?? false).toBe(standing.size > 0);
          expect(now?.number ?? 0).toBe(opened);
          if (now?.isOpen === true) expect(now.evidence).toEqual([...standing].sort());
          if (now?.isOpen === false) expect(now.until ?? 0).toBeGreaterThanOrEqual(now.since);
          // Said again, it says nothing new.
          expect(withEvidence(now, task, evidenceOf(one))).toBeUndefined();
        }
      }),
    );
  });

  it('holds what all say who speak at once', async () => {
    const home = await openHome();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(ids.map((id) => noteEvidence(home.readings, task, { id, stands: true, since: at })));
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ evidence: ids, number: 1, isOpen: true }]);
    await Promise.all(ids.map((id) => noteEvidence(home.readings, task, { id, stands: false, until: at + 60 })));
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ number: 1, isOpen: false, until: at + 60 }]);
  });

  it('is not opened by a row that ended before the last closed day, as in an old history', async () => {
    const home = await openHome();
    const ground = {
      ...{ meter, register: halfHours(zone), configuration: defaultConfiguration },
      ...{ installed: [], disconnected: [], zeroExpected: [], exportAgreed: [] },
    };
    const row: VeeFinding = {
      ...{ id: 'x', state: 'due', ruleId: 'zero', evidence: {} },
      ...{ from: at, to: at + 3 * 86_400 },
    };
    const place = { meter, register: 'E1' };
    const follow = (closed: string) => followFindings(home.readings, place, ground, [row], closed);
    await follow('2026-05-20');
    expect(await readMeterTasks(home.readings, meter)).toEqual([]);
    await follow('2026-05-06');
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ isOpen: true, since: at }]);
    await follow('2026-05-07');
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ isOpen: false, until: row.to }]);
  });

  it('follows from tampering until somebody says that it is nothing, whatever comes late', async () => {
    const { home, operations, asked } = await judgedHome();
    const place = { meter, register: 'E1' };
    const exception = eventOf('tamper');
    await home.readings.commit([exceptionWrite(place, { exception, state: 'open' }, undefined)]);
    await home.settleAll();
    const opened = await readException(home.readings, exception.id);
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ kind: 'tamper', evidence: [exception.id] }]);
    const body = { decision: 'dismissed' as const, reason: 'The fitter forgot to tell.' };
    await operations.resolveReadingException({ ...asked(), params: { exceptionId: exception.id }, body });
    await home.settleAll();
    if (opened !== undefined) await followException(home.readings, opened);
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ kind: 'tamper', isOpen: false, number: 1 }]);
  });

  it('follows from tampering at once, is its exception once its day is judged, and is none where it was taken back', async () => {
    const { home, list, operations, asked } = await judgedHome();
    const when = startOfDate(zone, '2026-11-23') + 600;
    const tampered = (event: string, second: number) => ({
      type: 'metering.event.recorded.v1',
      source: { system: 'billing' },
      sourceEventId: event,
      occurredAt: new Date(second * 1000).toISOString(),
      data: { servicePoint: homePoint, meter, event: 'tamper' },
    });
    await home.tell([tampered('t1', when), tampered('t2', when + 3600)]);
    await home.settleAll();
    const ids = [`${meter}.tamper.${when}`, `${meter}.tamper.${when + 3600}`];
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([
      { kind: 'tamper', isOpen: true, since: when, evidence: ids },
    ]);
    const data = { factId: factIdOf('billing', 't2'), reason: 'The fitter was there.' };
    await home.tell([{ ...tampered('t3', when + 7200), type: 'metering.event.retracted.v1', data }]);
    await home.settleAll();
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ isOpen: true, evidence: ids.slice(0, 1) }]);
    await home.ingest.take([dayOf('2026-11-23')]);
    await home.settleAll();
    const [exception] = (await list({ rule: 'meter-event' })).data;
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([
      { isOpen: true, number: 1, evidence: [exception?.id] },
    ]);
    const body = { decision: 'dismissed' as const, reason: 'The fitter forgot to tell.' };
    await operations.resolveReadingException({ ...asked(), params: { exceptionId: exception?.id ?? '' }, body });
    await home.settleAll();
    expect(await readMeterTasks(home.readings, meter)).toMatchObject([{ isOpen: false, number: 1 }]);
  });

  it.each(['power-outage', 'clock'])('does not follow from %s', async (event) => {
    const { home } = await judgedHome();
    const exception = eventOf(event);
    const place = { meter, register: 'E1' };
    await home.readings.commit([exceptionWrite(place, { exception, state: 'open' }, undefined)]);
    await home.settleAll();
    expect(await readMeterTasks(home.readings, meter)).toEqual([]);
  });
});
