import assert from 'node:assert/strict';
import { routes } from '#functions/routes.ts';
import { clientOf } from '#scripts/deployed/api.ts';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { auditSteps } from './audit-steps.ts';
import type { DeployedParts } from './deployed-parts.ts';
import { deviceSteps } from './device-steps.ts';
import { importSteps } from './import-steps.ts';
import { poisonStep } from './poison-step.ts';
import { replaySteps } from './replay-steps.ts';

const apiSteps = ({ ground }: DeployedParts): readonly StoryStep[] => [
  {
    name: 'every-route',
    title: 'every route of the list is there behind the gateway, and what is none is a problem document',
    run: async () => {
      for (const { method, path } of routes) {
        const { status, json } = await ground.api.ask({ method, path: path.replaceAll(/\{\w+\}/g, 'nobody') });
        const wanted = path === '/v1/health' || path === '/v1/openapi.json' ? 200 : 401;
        assert.equal(status, wanted, `${method} ${path} answers ${status} ${String(json.code)}`);
      }
      const absent = await ground.api.ask({ path: '/v1/no/such/route' });
      assert.deepEqual([absent.status, absent.json.code], [404, 'route.unknown']);
    },
  },
  {
    name: 'counted',
    title: 'facts of a program are counted under its own client id, and taken under no other',
    run: async () => {
      const send = (key: string) =>
        ground.api.ask({
          method: 'POST',
          path: '/v1/facts',
          as: { client: 'billing' },
          headers: { 'x-api-key': key },
          json: { facts: [] },
        });
      const crm = clientOf(await ground.api.tokenOf({ client: 'crm' }));
      const billing = clientOf(await ground.api.tokenOf({ client: 'billing' }));
      const [none, other, own] = [await send('nobody'), await send(crm), await send(billing)];
      assert.deepEqual([none.status, none.json.code], [403, 'api-key.refused']);
      assert.deepEqual([other.status, other.json.code], [403, 'api-key.foreign']);
      // Taken, and refused only for being empty.
      assert.equal(own.status, 422);
    },
  },
  {
    name: 'preflight',
    title: 'a page of an origin that is listed may call, one of another may not',
    run: async () => {
      const preflight = (origin: string) =>
        ground.api.ask({
          method: 'OPTIONS',
          path: '/v1/customers',
          headers: { origin, 'access-control-request-method': 'GET' },
        });
      const [own, other] = [await preflight('http://localhost:8080'), await preflight('https://elsewhere.example')];
      assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:8080');
      assert.notEqual(other.headers.get('access-control-allow-origin'), 'https://elsewhere.example');
    },
  },
];

/** What the story does not tell, since one machine has no such part or another one. */
export const deployedSteps = (parts: DeployedParts): readonly StoryStep[] => [
  ...apiSteps(parts),
  ...importSteps(parts),
  ...replaySteps(parts),
  ...deviceSteps(parts),
  poisonStep(parts),
  ...auditSteps(parts),
];
