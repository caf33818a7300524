import { type AlarmKind, type AlarmOn, atOnce, lasting, minute, quarter } from '#functions/manifest/alarm.ts';
import { type FunctionName, functionNamed, functionNames } from '#functions/manifest.ts';

/** Kinds of alarms on what all functions have, and on what is no function. */
export const alarmKinds = {
  recordsGivenUp: {
    id: 'records-given-up',
    runbook: 'records-given-up',
    impact:
      'A reader gave up on records after five attempts; they lie in the failures bucket and what they say is missing.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  recordsDropped: {
    id: 'records-dropped',
    runbook: 'records-given-up',
    impact: 'Records were dropped that nobody read and no bucket keeps: readings or facts of customers are lost.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  functionFailing: {
    id: 'function-failing',
    runbook: 'function-failing',
    impact: 'A function fails again and again: what it does for customers waits, and is given up if that goes on.',
    urgency: 'ticket',
    protects: false,
    threshold: 5,
    ...lasting,
  },
  signInFailing: {
    id: 'sign-in-failing',
    runbook: 'sign-in-failing',
    impact: 'People cannot sign in: staff cannot help customers, and customers do not see their data.',
    urgency: 'page',
    protects: true,
    threshold: 2,
    period: 5 * minute,
    periods: 1,
  },
  functionThrottled: {
    id: 'function-throttled',
    runbook: 'throttled',
    impact: 'A function was not started for want of capacity: requests are refused or work is delayed.',
    urgency: 'ticket',
    protects: false,
    threshold: 0,
    period: 5 * minute,
    periods: 2,
    outOf: 3,
  },
  functionNearTimeout: {
    id: 'function-near-timeout',
    runbook: 'function-failing',
    impact: 'A function hardly ends in its time; beyond it, its work is done again from the start and falls behind.',
    urgency: 'ticket',
    protects: false,
    threshold: 0,
    ...lasting,
  },
  functionNotReady: {
    id: 'function-not-ready',
    runbook: 'function-failing',
    impact: 'Functions of the API start but cannot open their keys or tables: customers are told to try again.',
    urgency: 'page',
    protects: false,
    threshold: 3,
    period: 5 * minute,
    periods: 1,
  },
  invocationLost: {
    id: 'invocation-lost',
    runbook: 'dead-letters',
    impact:
      'A run that nobody waits for failed and could not even be set aside: a checkpoint, the retiring of certificates or work on a file is missing.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  deadLetters: {
    id: 'dead-letters',
    runbook: 'dead-letters',
    impact:
      'Messages could not be used after all attempts: what they say of customers is missing until they are handed in again.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  factsWaiting: {
    id: 'facts-waiting',
    runbook: 'facts-waiting',
    impact: 'Facts of billing, CRM and field wait for more than five minutes: staff see an old balance or an old case.',
    urgency: 'page',
    protects: true,
    threshold: 300,
    period: minute,
    periods: 3,
  },
  apiFailing: {
    id: 'api-failing',
    runbook: 'api-failing',
    impact: 'More than one of a hundred requests fails: staff and customers see errors.',
    urgency: 'page',
    protects: false,
    threshold: 1,
    period: minute,
    periods: 3,
    outOf: 5,
  },
  apiSlow: {
    id: 'api-slow',
    runbook: 'api-slow',
    impact: 'The slowest of a hundred answers takes more than a second: a customer on the phone waits.',
    urgency: 'ticket',
    protects: false,
    threshold: 1000,
    period: 5 * minute,
    periods: 3,
  },
  apiRefusing: {
    id: 'api-refusing',
    runbook: 'api-refusing',
    impact: 'More than a third of requests is refused: a program is wrong, throttled, or somebody tries doors.',
    urgency: 'ticket',
    protects: false,
    threshold: 33,
    ...lasting,
  },
  tokensRefused: {
    id: 'tokens-refused',
    runbook: 'access-refused',
    impact:
      'Many requests with tokens that are not valid: sign-in is broken for somebody, or somebody tries forged tokens.',
    urgency: 'ticket',
    protects: false,
    threshold: 50,
    period: 5 * minute,
    periods: 1,
  },
  accessRefused: {
    id: 'access-refused',
    runbook: 'access-refused',
    impact:
      'Many requests for what the caller may not see: a role is set up wrong, or somebody looks for data of others.',
    urgency: 'ticket',
    protects: false,
    threshold: 20,
    period: 5 * minute,
    periods: 1,
  },
  tableThrottled: {
    id: 'table-throttled',
    runbook: 'throttled',
    impact: 'A table takes less than is asked of it: requests are slow or refused, and readers fall behind.',
    urgency: 'ticket',
    protects: false,
    threshold: 10,
    ...lasting,
  },
  tableConflicts: {
    id: 'table-conflicts',
    runbook: 'table-conflicts',
    impact: 'Many changes of the same customers meet: some are refused after ten attempts and must be sent again.',
    urgency: 'ticket',
    protects: false,
    threshold: 100,
    ...lasting,
  },
  tableFailing: {
    id: 'table-failing',
    runbook: 'table-failing',
    impact: 'DynamoDB fails: nothing can be shown or kept for the customers it happens to.',
    urgency: 'page',
    protects: false,
    threshold: 5,
    period: minute,
    periods: 2,
  },
  ruleFailing: {
    id: 'rule-failing',
    runbook: 'rule-failing',
    impact:
      'Events do not reach their target: facts of other systems, or a scheduled run, wait among the dead letters.',
    urgency: 'page',
    protects: false,
    ...atOnce,
  },
  ruleLosing: {
    id: 'rule-losing',
    runbook: 'rule-failing',
    impact:
      'Events reached neither their target nor the dead letters: facts are lost unless the archive brings them back.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  messagesUndelivered: {
    id: 'messages-undelivered',
    runbook: 'messages-undelivered',
    impact:
      'Messages of meters did not reach the stream; they lie in the failures bucket and their readings are missing.',
    urgency: 'page',
    protects: true,
    threshold: 0,
    period: 5 * minute,
    periods: 1,
  },
  messagesLost: {
    id: 'messages-lost',
    runbook: 'messages-undelivered',
    impact: 'Messages of meters reached neither the stream nor the failures bucket: only the meters still have them.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
  devicesRefused: {
    id: 'devices-refused',
    runbook: 'devices-refused',
    impact: 'Meters are not let in: their readings wait in the meters. Or somebody tries to be a meter.',
    urgency: 'ticket',
    protects: false,
    threshold: 20,
    ...lasting,
  },
  streamFull: {
    id: 'stream-full',
    runbook: 'stream-full',
    impact: 'The stream takes less than meters send: messages go to the failures bucket and their readings come late.',
    urgency: 'page',
    protects: false,
    threshold: 0,
    period: minute,
    periods: 3,
  },
  quarantineGrowing: {
    id: 'quarantine-growing',
    runbook: 'quarantine-growing',
    impact: 'Much of what comes in cannot be used and is kept aside: readings or facts of customers are missing.',
    urgency: 'ticket',
    protects: false,
    threshold: 100,
    period: quarter,
    periods: 1,
  },
  alarmsUndelivered: {
    id: 'alarms-undelivered',
    runbook: 'alarms-undelivered',
    impact: 'Alarms do not reach anybody: the next failure would be told by customers.',
    urgency: 'page',
    protects: true,
    ...atOnce,
  },
} as const satisfies Readonly<Record<string, AlarmKind>>;

export type AlarmKindName = keyof typeof alarmKinds;

/** A kind of alarm that a function has by the manifest, and what it is on: how far behind its stream it is, or what the entry says. */
interface OwnAlarm {
  readonly name: FunctionName;
  readonly kind: AlarmKind;
  readonly on: readonly (AlarmOn | { readonly metric: 'IteratorAge' })[];
}

/** A reader of a stream that is five minutes behind for three; its age is in milliseconds. */
const behind = { runbook: 'stream-behind', threshold: 300_000, period: minute, periods: 3 } as const;

/** Alarms that the manifest says of its functions. */
export const ownAlarms: readonly OwnAlarm[] = functionNames.flatMap((name) => {
  const { on, alarms = [] } = functionNamed(name);
  return [
    ...(on.stream === undefined
      ? []
      : [{ name, kind: { ...behind, ...on.stream.behind }, on: [{ metric: 'IteratorAge' } as const] }]),
    ...alarms.map(({ on: watched, ...kind }) => ({ name, kind, on: watched })),
  ];
});

/** Every kind of alarm there is, by its id. */
export const everyAlarmKind: readonly AlarmKind[] = [
  ...Object.values(alarmKinds),
  ...ownAlarms.map(({ kind }) => kind),
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
