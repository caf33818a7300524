import assert from 'node:assert/strict';
import * as z from 'zod';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { eventually } from '#tests/support/eventually.ts';
import { askImport, halfHourFile, lookAtImport, putFile } from './importing.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const Insights = z.object({
  data: z.array(
    z.object({
      register: z.string(),
      insights: z.array(z.object({ kind: z.string(), enough: z.boolean(), text: z.string() })),
    }),
  ),
  told: z.array(
    z.object({ id: z.string(), kind: z.string(), state: z.string(), standing: z.string(), text: z.string() }),
  ),
});
const Decided = z.object({ state: z.string() });

const person = 'noor';
const zone = 'Europe/London';
/** Days with use, and days after them on which nothing was counted. */
const [used, dead] = [14, 3];

/** A home's half-hours: a base, an evening, and what a seeded number makes of each; then nothing. */
const useAt = (day: number, index: number): number => {
  if (day >= used) return 0;
  const evening = index >= 34 && index < 44 ? 400 : 0;
  return 100 + evening + ((day * 7919 + index * 104_729 + day * index * 31) % 97);
};

/** What readings tell of a home: found as its days close, shown with its numbers, and decided by a person. */
export const insightSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { api } = world.ground;
  // Weeks come at once, and each day of them is judged before the last one is looked at.
  const patienceMs = 3 * world.ground.patienceMs;
  const path = (): string => `/v1/service-points/${world.homeOf(person).servicePoint}/insights`;
  const look = async () => Insights.parse((await api.must({ path: path(), as: { role: 'agent' } })).json);
  const deadMeter = async () => (await look()).told.find(({ kind }) => kind === 'dead-meter');
  return [
    {
      name: 'insight-told',
      title: 'a meter that counts nothing where there was use is found as its days close, and told with its numbers',
      run: async () => {
        await world.build(person, 'Haddad', '5 Pier View');
        const yesterday = addDays(localDateAt(zone, Math.floor(Date.now() / 1000)), -1);
        const dates = Array.from({ length: used + dead }, (_, day) => addDays(yesterday, day + 1 - used - dead));
        const file = halfHourFile(person, dates, (day, index) => `${useAt(day, index)}`);
        const begun = await askImport(api, file, true);
        await putFile(begun, file);
        const state = async () => (await lookAtImport(api, begun.id)).state;
        await eventually('the import done', patienceMs, state, (now) => now === 'done');
        const found = await eventually('the insight', patienceMs, deadMeter, (one) => one !== undefined);
        assert.deepEqual([found?.state, found?.standing], ['new', 'standing']);
        assert.match(found?.text ?? '', /\d/);
        const [register] = (await look()).data;
        const shown = register?.insights.find(({ kind }) => kind === 'dead-meter');
        assert.equal(shown?.enough, true, JSON.stringify(shown));
        await eventually(
          'its fact',
          patienceMs,
          () => world.heardAt(person, 'metering.insight.found.v1'),
          (ids) => ids.length > 0,
        );
      },
    },
    {
      name: 'insight-decided',
      title: 'a person says what became of it, once',
      run: async () => {
        const { id } = (await deadMeter()) ?? {};
        const decide = { method: 'POST', path: `${path()}/${id ?? ''}/decision`, as: { role: 'agent' } } as const;
        const json = { state: 'dismissed', reason: 'They are away, all is switched off.' };
        assert.equal((await api.ask({ ...decide, json: { state: 'dismissed' } })).status, 422);
        assert.equal(Decided.parse((await api.must({ ...decide, json })).json).state, 'dismissed');
        assert.equal((await api.ask({ ...decide, json })).status, 409);
        assert.equal((await deadMeter())?.state, 'dismissed');
        await eventually(
          'its fact',
          patienceMs,
          () => world.heardAt(person, 'metering.insight.decided.v1'),
          (ids) => ids.length === 1,
        );
      },
    },
  ];
};
