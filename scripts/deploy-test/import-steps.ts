import assert from 'node:assert/strict';
import { changeImport, readImport } from '#functions/imports/store/imports.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { askImport, halfHourFile, lookAtImport, putFile } from '#tests/journeys/story/importing.ts';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { DeployedParts } from './deployed-parts.ts';

/** The schedule fires every minute here. */
const patienceMs = 90_000;
/** Longer than a worker is silent that is at work. */
const longAgoMs = 60 * 60_000;

/** What becomes of an import whose worker died. */
export const importSteps = ({ clients, deployed, ground: { api } }: DeployedParts): readonly StoryStep[] => [
  {
    name: 'imports-left',
    title: 'an import that nobody works on any more is taken up by the clock',
    run: async () => {
      const file = halfHourFile('nobody', ['2026-02-03'], (_, index) => `${index}`);
      const begun = await askImport(api, file, false);
      await putFile(begun, file);
      const look = () => lookAtImport(api, begun.id);
      await eventually('the first run', patienceMs, look, ({ state, run }) => state === 'done' && run === 1);
      const { profileTable, readingsTable, auditTable, keysTable } = await deployed.settings('operations', [
        'profileTable',
        'readingsTable',
        'auditTable',
        'keysTable',
      ]);
      const names = { profile: profileTable, readings: readingsTable, audit: auditTable, keys: keysTable };
      const profile = openDynamoTables({ names, client: clients.dynamo }).table('profile');
      const item = await readImport(profile, begun.id);
      assert.ok(item, 'no import');
      assert.ok(await changeImport(profile, item, { state: 'uploaded' }, Date.now() - longAgoMs));
      await eventually('another run', patienceMs, look, ({ state, run }) => state === 'done' && run === 2);
    },
  },
];
