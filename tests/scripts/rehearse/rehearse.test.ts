import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '#cli/main.ts';
import { openClients } from '#scripts/deployed/aws.ts';
import type { Ground } from '#scripts/rehearse/ground.ts';
import { buildRehearseProgram } from '#scripts/rehearse/program.ts';
import { Rehearsal } from '#scripts/rehearse/rehearsal.ts';
import { rehearsalSteps } from '#scripts/rehearse/steps.ts';
import { Stand } from '#tests/scripts/deploy/stand.ts';

let stand: Stand;
let deployments: string[];

/** A ground on which nothing can be deployed: what is asked of it is remembered. */
const barren = (asked: Pick<Ground, 'stage' | 'second' | 'mailbox'>): Ground => ({
  ...asked,
  clients: openClients(),
  patienceMs: 1,
  deploy: async ({ stage }) => {
    deployments.push(stage);
    throw new Error('nothing grows here');
  },
  destroy: () => Promise.reject(new Error('nothing stands here')),
  open: () => Promise.reject(new Error('nothing stands here')),
});

const run = (...args: readonly string[]): Promise<number> =>
  runProgram(buildRehearseProgram({ talk: stand.talk, clients: openClients, groundOf: barren }), args, stand.talk);
const said = ['--stage', 'dev', '--mailbox', 'first@utility.co.uk'] as const;
const notes = (): string => stand.notes.join('\n');

beforeEach(() => {
  stand = new Stand();
  deployments = [];
});

describe('before anything is changed, a rehearsal', () => {
  it('refuses a stage that the configuration does not know, and prod', async () => {
    expect(await run('--stage', 'moon', '--mailbox', 'first@utility.co.uk')).toBe(2);
    expect(await run('--stage', 'prod', '--mailbox', 'first@utility.co.uk', '--yes')).toBe(3);
    expect(notes()).toContain('prod is not rehearsed');
    expect(deployments).toEqual([]);
  });

  it.each(['rotunda-dev-stateful', 'rotunda-dev2-api'])('refuses a stage of which %s is there', async (stack) => {
    stand.stack(stack, 'CREATE_COMPLETE');
    expect(await run(...said, '--yes')).toBe(3);
    expect(notes()).toContain('a rehearsal begins with nothing');
    expect(deployments).toEqual([]);
  });

  it('refuses where a stage that is gone left a table behind, which would be taken in and deleted', async () => {
    stand.dynamo.on(DescribeTableCommand, { TableName: 'rotunda-dev2-keys' }).resolves({ Table: {} });
    expect(await run(...said, '--yes')).toBe(3);
    expect(notes()).toContain('the table rotunda-dev2-keys is there');
    expect(deployments).toEqual([]);
  });

  it('refuses to take one stage for both', async () => {
    expect(await run(...said, '--second', 'dev', '--yes')).toBe(2);
    expect(notes()).toContain('the second stage is another than the first');
  });

  it('refuses stages of the configuration as the second', async () => {
    expect(await run(...said, '--second', 'staging', '--yes')).toBe(2);
    expect(notes()).toContain('staging is a stage of infra/config.ts');
  });

  it('asks, and stops where nobody answers or somebody says no', async () => {
    expect(await run(...said)).toBe(3);
    expect(notes()).toContain('--yes says so');
    stand.answer = 'no';
    expect(await run(...said)).toBe(3);
    expect(stand.asked[0]).toContain('Deploys dev and dev2, takes both down, deploys dev again, and leaves it');
    expect(deployments).toEqual([]);
  });

  it('wants a mailbox and a name that a stage may have', async () => {
    expect(await run('--stage', 'dev')).toBe(2);
    expect(await run('--stage', 'dev', '--mailbox', 'nobody')).toBe(2);
    expect(await run(...said, '--second', 'dev-two')).toBe(2);
  });
});

it('ends where the stage cannot be deployed, with the reason and the exit code of a failure', async () => {
  expect(await run(...said, '--yes')).toBe(1);
  expect(deployments).toEqual(['dev']);
  expect(stand.out[0]).toBe('1 of 11  the stage is deployed from nothing, and its API answers');
  expect(stand.out.join('\n')).toContain('FAILED: nothing grows here');
  expect(stand.out.filter((line) => /^\d+ of 11/.test(line))).toHaveLength(1);
});

it('has a step for each thing that is to be seen before anybody relies on a stage', () => {
  const steps = rehearsalSteps(new Rehearsal(barren({ stage: 'dev', second: 'dev2', mailbox: 'a@utility.co.uk' })));
  expect(steps.map(({ name }) => name)).toEqual([
    'deploy',
    'first-user',
    'first-meter',
    'fact-in',
    'view-out',
    'poison-record',
    'table-restored',
    'rolled-back',
    'second-stage',
    'destroy',
    'deploy-again',
  ]);
});

it('what steps made is removed last first, and what cannot be is told', async () => {
  const rehearsal = new Rehearsal(barren({ stage: 'dev', second: 'dev2', mailbox: 'a@utility.co.uk' }));
  const removed: string[] = [];
  rehearsal.made('the user', async () => removed.push('user'));
  rehearsal.made('the table', () => Promise.reject(new Error('in use')));
  rehearsal.made('the meter', async () => removed.push('meter'));
  const isGone = rehearsal.made('the second stage', async () => removed.push('stage'));
  isGone();
  expect(await rehearsal.cleanUp()).toEqual({
    lines: ['removed  the meter', 'LEFT     the table: in use', 'removed  the user'],
    failed: 1,
  });
  expect(removed).toEqual(['meter', 'user']);
  expect(await rehearsal.cleanUp()).toEqual({ lines: [], failed: 0 });
});
