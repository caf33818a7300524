import { atOnce, lasting, minute, quarter } from './alarm.ts';
import { keysBegin, type ListedFunction, reader } from './definition.ts';

/** Functions of running it all: the audit, the operator's acts, health. */
export const operatingFunctions = {
  'access-log': {
    description: 'API: who looked at whose data',
    memoryMb: 512,
    seconds: 10,
    runs: ['audit.api'],
    rights: [...reader, 'read the audit'],
    on: { api: { answers: 'audit' } },
  },
  'audit-seal': {
    stack: 'events',
    description: 'seals audit entries into their chains',
    memoryMb: 512,
    seconds: 60,
    runs: ['audit.seal'],
    rights: ['read the audit', 'seal the audit'],
    on: {
      stream: {
        id: 'AuditToSeal',
        of: 'audit',
        batchSize: 500,
        windowSeconds: 1,
        // Links and seals are the function's own writes.
        filters: [keysBegin('pk', 'AUD#')],
        keptElsewhere: true,
        behind: {
          id: 'sealing-behind',
          impact:
            'Who looked at whose data is written down but not sealed yet; until then a change of it could go unseen.',
          urgency: 'ticket',
          protects: true,
        },
      },
    },
    alarms: [
      {
        id: 'audit-meddled',
        runbook: 'audit-meddled',
        impact: 'An audit entry was changed or deleted: it can no longer be shown who looked at whose data.',
        urgency: 'page',
        protects: true,
        ...atOnce,
        on: [{ count: 'audit.meddled', subject: 'audit' }],
      },
    ],
  },
  'audit-checkpoint': {
    stack: 'events',
    description: 'writes down where the audit chains stand',
    memoryMb: 512,
    seconds: 60,
    runs: ['audit.checkpoint'],
    rights: ['read the audit', 'keep checkpoints'],
    on: {
      schedule: {
        id: 'AuditCheckpointSchedule',
        name: 'audit-checkpoint',
        description: 'an audit checkpoint every quarter of an hour',
        expression: 'rate(15 minutes)',
      },
    },
    alarms: [
      {
        id: 'checkpoint-missing',
        runbook: 'checkpoint-missing',
        impact:
          'No audit checkpoint for three quarters of an hour: entries cut off since the last one would not be missed.',
        urgency: 'page',
        protects: true,
        threshold: 1,
        below: true,
        period: quarter,
        periods: 3,
        silenceRings: true,
        on: [{ metric: 'Invocations' }],
      },
      {
        id: 'checkpoint-failing',
        runbook: 'checkpoint-missing',
        impact:
          'An audit checkpoint could not be written; it is tried again, and the chains stand without it until then.',
        urgency: 'ticket',
        protects: false,
        threshold: 0,
        period: quarter,
        periods: 2,
        on: [{ metric: 'Errors' }],
      },
    ],
  },
  operations: {
    stack: 'events',
    description: "the operator's acts on the tables",
    memoryMb: 1769,
    seconds: 900,
    runs: ['operations.acts'],
    rights: [
      'commit facts',
      'record',
      'read all profiles',
      'read readings',
      'read all readings',
      'keep readings',
      'erase people',
      'have replays worked on',
    ],
    reserved: { prod: 2 },
    on: { name: { by: 'operator' } },
    alarms: [
      {
        id: 'operator-refused',
        runbook: 'access-refused',
        impact:
          "An operator's act was refused: somebody asks for more than they may, or an urgent repair does not get through.",
        urgency: 'ticket',
        protects: false,
        threshold: 0,
        period: 5 * minute,
        periods: 1,
        on: [{ count: 'operator.refused' }],
      },
    ],
  },
  'operations-replay': {
    stack: 'events',
    description: 'works replays on, segment by segment',
    memoryMb: 1769,
    seconds: 900,
    runs: ['operations.replayWork'],
    rights: [
      'commit facts',
      'read all profiles',
      'read readings',
      'keep readings',
      'publish facts',
      'have replays worked on',
    ],
    // As many as a replay may have segments: people and meters may not wait for them.
    reserved: { prod: 32 },
    handsOn: true,
    nearTimeout: 970,
    on: {
      name: { by: 'function' },
      schedule: {
        id: 'ReplaysLeft',
        name: 'replays-left',
        description: 'takes up segments of replays that nobody works on',
        expression: 'rate(5 minutes)',
      },
    },
    alarms: [
      {
        id: 'replay-standing-still',
        runbook: 'replay',
        impact:
          'A replay does not come on: what was mended by it is old still for a part of the customers, or subscribers lack events.',
        urgency: 'ticket',
        protects: false,
        threshold: 0,
        ...lasting,
        on: [{ count: 'replay.standing-still' }],
      },
    ],
  },
  'operations-parked': {
    stack: 'events',
    description: "the operator's acts on what was given up and on devices",
    memoryMb: 512,
    seconds: 900,
    runs: ['operations.parkedActs'],
    rights: ['record', 'read profiles', 'keep certificates', 'retire certificates', 'hand in again'],
    reserved: { prod: 2 },
    on: { name: { by: 'operator' } },
  },
  'operations-match': {
    stack: 'events',
    description: 'learns from stored customers and looks for duplicates among them',
    memoryMb: 1769,
    seconds: 900,
    runs: ['operations.matchActs'],
    rights: ['record', 'read profiles', 'read all profiles', 'match customers'],
    reserved: { prod: 1 },
    on: { name: { by: 'operator' } },
  },
  platform: {
    description: 'API: health and OpenAPI',
    memoryMb: 256,
    seconds: 5,
    runs: ['platform.api'],
    rights: ['sign cursors'],
    on: { api: {} },
  },
} as const satisfies Readonly<Record<string, ListedFunction>>;
