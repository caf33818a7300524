import assert from 'node:assert/strict';
import {
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { eventually } from '#tests/support/eventually.ts';
import type { Rehearsal, Step } from '../rehearsal.ts';

/** The alias that everything calls. */
const alias = 'live';
/** A setting without which no function starts. */
const needed = 'ROTUNDA_STAGE';

/** Publishes a version of a function that cannot start, and leaves its settings as they were; answers the version. */
const publishBroken = async ({ ground: { clients } }: Rehearsal, FunctionName: string): Promise<string> => {
  const { lambda } = clients;
  const wait = async (): Promise<void> => {
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 120, minDelay: 1 }, { FunctionName });
  };
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { [needed]: _left, ...others } = Environment?.Variables ?? {};
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables: others } }));
  await wait();
  try {
    const { Version = '' } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    return Version;
  } finally {
    const Variables = Environment?.Variables ?? {};
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await wait();
  }
};

/** A bad version of the function behind the view is live, the API says so, and its alias goes back (docs/runbooks/roll-back.md). */
export const rollBackStep = (rehearsal: Rehearsal): Step => ({
  name: 'rolled-back',
  title: 'a version that cannot start is live, callers are told, and the alias goes back to the one before',
  run: async () => {
    const { ground, stand, customer } = rehearsal;
    const { lambda } = ground.clients;
    const FunctionName = stand.stacks.functionName('customers');
    const { FunctionVersion: good } = await lambda.send(new GetAliasCommand({ FunctionName, Name: alias }));
    assert.ok(good, `${FunctionName} has no alias ${alias}`);
    const point = (FunctionVersion: string) =>
      lambda.send(new UpdateAliasCommand({ FunctionName, Name: alias, FunctionVersion }));
    const path = `/v1/customers/${customer}/360`;
    const status = async () => (await stand.api.ask({ path, as: { role: 'agent' } })).status;
    const bad = await publishBroken(rehearsal, FunctionName);
    try {
      await point(bad);
      const failing = await eventually('the bad version', ground.patienceMs, status, (one) => one >= 500);
      await point(good);
      const mended = await eventually('the version before', ground.patienceMs, status, (one) => one === 200);
      return [`${FunctionName}: version ${bad} answers ${failing}; at version ${good} again ${mended}`];
    } finally {
      await point(good);
      await lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: bad }));
    }
  },
});
