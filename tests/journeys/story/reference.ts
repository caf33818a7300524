import assert from 'node:assert/strict';
import * as z from 'zod';
import type { StoryStep, StoryWorld } from './world.ts';

const Held = z.object({ area: z.string(), celsiusTenths: z.array(z.int().nullable()), known: z.int() });
const Tariff = z.object({ code: z.string(), prices: z.array(z.unknown()), version: z.int() });

const hours = { from: '2026-01-31T22:00:00Z', to: '2026-02-01T02:00:00Z' };

/** What many profiles refer to: the weather of an area, and the prices of a tariff. */
export const referenceSteps = ({ ground: { api } }: StoryWorld): readonly StoryStep[] => [
  {
    name: 'temperatures-put',
    title: 'a weather service puts temperatures of an area, the same again as often as it likes, and nobody else does',
    run: async () => {
      const path = `/v1/weather-areas/${encodeURIComponent('postcode:GB LS1 4AB')}/temperatures`;
      const as = { client: 'weather' };
      const put = (celsiusTenths: readonly (number | null)[]) =>
        api.must({ method: 'PUT', path, as, json: { start: hours.from, celsiusTenths } });
      await put([83, null, -12, 5]);
      await put([83, null, -12, 5]);
      const query = new URLSearchParams(hours);
      const held = Held.parse((await api.must({ path: `${path}?${query}`, as })).json);
      assert.deepEqual(held, { area: 'postcode:GB LS14', celsiusTenths: [83, null, -12, 5], known: 3 });
      const json = { start: hours.from, celsiusTenths: [9000] };
      assert.equal((await api.ask({ method: 'PUT', path, as, json })).status, 422);
      assert.equal((await api.ask({ method: 'PUT', path, as: { client: 'billing' }, json })).status, 403);
      assert.equal((await api.ask({ method: 'PUT', path, as: { role: 'agent' }, json })).status, 403);
    },
  },
  {
    name: 'tariff-put',
    title: 'billing puts the prices of a tariff, which everybody may read and nobody else may set',
    run: async () => {
      const path = '/v1/tariffs/STORY';
      const prices = [
        { from: '2025-10-01', energyPrice: '0.2486' },
        { from: '2026-04-01', energyPrice: '0.26905' },
      ];
      const json = { commodity: 'electricity', currency: 'GBP', unit: 'kWh', prices };
      const first = Tariff.parse((await api.must({ method: 'PUT', path, as: { client: 'billing' }, json })).json);
      const again = Tariff.parse((await api.must({ method: 'PUT', path, as: { client: 'billing' }, json })).json);
      assert.deepEqual(again, first);
      const read = Tariff.parse((await api.must({ path, as: { role: 'agent' } })).json);
      assert.deepEqual(read, { code: 'STORY', prices, version: first.version });
      assert.equal((await api.ask({ method: 'PUT', path, as: { client: 'weather' }, json })).status, 403);
      assert.equal((await api.ask({ method: 'PUT', path, as: { role: 'agent' }, json })).status, 403);
      assert.equal((await api.ask({ path: '/v1/tariffs/NOBODYS', as: { role: 'agent' } })).status, 404);
    },
  },
];
