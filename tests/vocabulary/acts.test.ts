import { expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { sendToBus } from '#shared/contracts/local/bus.ts';
import * as local from '#shared/contracts/local/ops.ts';
import { actNames, isClaimedAct, operatorActNames } from '#shared/vocabulary/acts.ts';

it('each act has one name, and each name is that of something that is done', () => {
  expect(new Set(actNames).size).toBe(actNames.length);
  const done = new Set(routes.flatMap((route) => [route.act, 'dryRunAct' in route ? route.dryRunAct : route.act]));
  expect(actNames.filter((name) => name !== 'ops' && !done.has(name))).toEqual([]);
  const ofOperator = [...Object.values(local), sendToBus].flatMap((one) => ('act' in one ? [one.act] : []));
  expect(ofOperator.sort()).toEqual(operatorActNames.map((name) => `ops.${name}`).sort());
});

it.each([
  ['ops.replay', true],
  ['ops.no-such-act', true],
  ['ops.', false],
  ['ops.DROP TABLE', false],
  [`ops.${'x'.repeat(41)}`, false],
  ['replay', false],
])('%j claimed by a caller may stand in the audit: %s', (claimed, may) => {
  expect(isClaimedAct(claimed)).toBe(may);
});
