import { describe, expect, it } from 'vitest';
import { decisionOperations } from '#functions/insight/api-decisions.ts';
import type { ToldInsight } from '#functions/insight/rules/told-insights.ts';
import { insightIdOf, readToldInsight, toldInsightWrite } from '#functions/insight/store/told-insights.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject, readFacts } from '#shared/profile/store/subjects.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { agreed, type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const first = Date.parse('2026-05-01T00:00:00Z') / 1000;
const hour = 3600;

const insightAt = (hours: number): ToldInsight => ({
  kind: 'dead-meter',
  from: first + hours * hour,
  to: first + hours * hour,
  headline: 'Nothing counted for 49 hours',
  text: 'The meter has counted nothing for 49 hours.',
  value: { dead: true, hours: 49, unit: 'Wh', powerOfTen: 0 },
  standing: 'standing',
  state: 'new',
  foundAt: first + hours * hour,
  at: first + hours * hour,
  expires: '2026-08-01',
});

const homeWithTold = async (count: number): Promise<Home> => {
  const home = await openHome({ insights: true });
  await home.meter('m1');
  await home.tell([installed('m1', '2025-01-01T00:00:00.000Z'), agreed('ana', '2025-01-01')]);
  await home.settleAll();
  const place = { servicePoint: home.idOf('svp'), register: 'E1' };
  for (let told = 0; told < count; told += 1) {
    await home.readings.commit([toldInsightWrite(place, insightAt(told), undefined)]);
  }
  return home;
};
const idOf = (home: Home, told: number): string =>
  insightIdOf({ ...insightAt(told), servicePoint: home.idOf('svp'), register: 'E1' });

let asked = 0;
const decide = async (home: Home, told: number, body: { state: 'seen' | 'dismissed'; reason?: string }) => {
  asked += 1;
  const sam = operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] });
  const operations = decisionOperations({
    profile: home.profile,
    readings: home.readings,
    prepare: home.prepare,
    now: () => home.clock.now(),
  });
  return operations.decideInsight({
    ...sam,
    audit: { ...sam.audit, id: String(asked).padStart(26, '0') },
    subjectId: home.idOf('svp'),
    query: {},
    params: { insightId: idOf(home, told) },
    body,
  });
};
const factsOf = async (home: Home, type: string) =>
  (await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering'))
    .map(({ fact }) => fact)
    .filter((fact) => fact.type === type);
const shown = async (home: Home) =>
  stateOf((await loadSubject(home.profile, home.idOf('prm'))).states, metering).state.insights ?? [];

describe('an insight that is older than those a premise keeps', () => {
  it('is decided like any other, and stays out of what is kept', async () => {
    const home = await homeWithTold(15);
    await home.settleAll();
    expect((await shown(home)).map(({ id }) => id)).toEqual(
      Array.from({ length: 12 }, (_, place) => idOf(home, place + 3)),
    );
    home.clock.set((first + 20 * hour) * 1000);
    expect(await decide(home, 0, { state: 'seen' })).toMatchObject({ status: 201, body: { state: 'seen' } });
    const dismissed = { state: 'dismissed' as const, reason: 'The supply is off for works.' };
    expect(await decide(home, 1, dismissed)).toMatchObject({ status: 201, body: { state: 'dismissed' } });
    await home.settleAll();
    expect(await readToldInsight(home.readings, idOf(home, 0))).toMatchObject({ state: 'seen', version: 2 });
    expect(await readToldInsight(home.readings, idOf(home, 1))).toMatchObject({ state: 'dismissed' });
    expect((await factsOf(home, 'metering.insight.decided.v1')).map(({ data }: KeptFact) => data.insight)).toEqual([
      idOf(home, 0),
      idOf(home, 1),
    ]);
    expect((await shown(home)).map(({ id, state }) => [id, state])).toEqual(
      Array.from({ length: 12 }, (_, place) => [idOf(home, place + 3), 'new']),
    );
    await expect(decide(home, 0, { state: 'seen' })).rejects.toMatchObject({ code: 'insight.decided' });
  });

  it('ends on the record when its cause is over', async () => {
    const home = await homeWithTold(14);
    await home.settleAll();
    const known = await readToldInsight(home.readings, idOf(home, 0));
    if (known === undefined) throw new Error('nothing was told');
    const over = { ...known, standing: 'over' as const, at: first + 30 * hour };
    await home.readings.commit([toldInsightWrite(known, over, known)]);
    await home.settleAll();
    expect((await factsOf(home, 'metering.insight.ended.v1')).map(({ data }: KeptFact) => data.insight)).toEqual([
      idOf(home, 0),
    ]);
  });
});

describe('an insight that was found this very moment', () => {
  it('is decided only once it was told, so that what becomes of it is not said before', async () => {
    const home = await homeWithTold(1);
    await expect(decide(home, 0, { state: 'seen' })).rejects.toMatchObject({ kind: 'unavailable' });
    await home.settleAll();
    home.clock.set((first + 20 * hour) * 1000);
    expect(await decide(home, 0, { state: 'seen' })).toMatchObject({ status: 201 });
    await home.settleAll();
    expect(await shown(home)).toMatchObject([{ state: 'seen', standing: true }]);
  });
});
