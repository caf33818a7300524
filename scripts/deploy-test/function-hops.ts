import {
  type ApiFunctionName,
  type FunctionName,
  functionNamed,
  functionNames,
  type ScheduledFunctionName,
} from '#functions/manifest.ts';
import { type Hop, infra } from './hop.ts';

/** A schedule runs every minute here. */
const bySchedule = { state: 'driven', note: 'every minute here' } as const;

const gateway: Hop = {
  hop: 'app -> gateway -> function -> table',
  state: 'driven',
  checks: ['facts-by-api', 'every-route', 'former-customer', 'planned-move'],
};
const explained: Hop = {
  hop: 'app -> gateway -> a value explained, and a moment of the past',
  state: 'driven',
  checks: ['explained', 'as-of'],
};
const merged: Hop = {
  hop: 'app -> gateway -> two records merged and parted',
  state: 'driven',
  checks: ['merged', 'merge-undone'],
};
const putReference: Hop = {
  hop: 'app -> gateway -> temperatures and prices, put and read',
  state: 'driven',
  checks: ['temperatures-put', 'tariff-put'],
};
const duplicates: Hop = {
  hop: 'profile stream -> follow -> duplicates -> gateway -> a decision that stays',
  state: 'driven',
  checks: ['duplicate-found', 'duplicate-decided'],
};
const registration: Hop = { hop: 'registration of meters', state: 'driven', checks: ['meter-registered'] };
const provisioning: Hop = {
  hop: 'fleet provisioning -> hook',
  state: 'bridged',
  checks: ['provisioning'],
  note: 'the test asks the hook as IoT Core does',
};
const certificates: Hop = { hop: 'schedule -> certificates taken back', checks: ['certificates'], ...bySchedule };
const measured: Hop = {
  hop: 'Kinesis -> readings -> table',
  state: 'driven',
  checks: ['block', 'same-block-again'],
};
const usage: Hop = { hop: 'readings stream -> usage -> view', state: 'driven', checks: ['block'] };
const judged: Hop = {
  hop: 'readings stream -> judged days -> estimates, exceptions, months -> facts',
  state: 'driven',
  checks: ['hole-filled', 'month-closed', 'corrected'],
};
const found: Hop = {
  hop: 'app -> gateway -> what the rules found, corrections',
  state: 'driven',
  checks: ['corrected', 'correction-stands', 'dismissed', 'correction-logged'],
};
const told: Hop = {
  hop: 'readings stream -> what readings tell; what another content replaced',
  state: 'driven',
  checks: ['insight-told'],
  note: 'what the head end replaces is held by unit tests',
};
const insights: Hop = {
  hop: 'judged days -> insights -> facts; app -> gateway -> insights, what became of them',
  state: 'driven',
  checks: ['insight-told', 'insight-decided'],
};
const silent: Hop = {
  hop: 'schedule -> days of silent meters',
  state: 'driven',
  checks: ['silent-meter'],
  note: 'every minute here; that a round calls itself on is held by unit tests',
};
const files: Hop = {
  hop: 'file -> signed address -> bucket -> rule -> imports -> Kinesis',
  state: 'driven',
  checks: ['file-handed-in', 'file-taken', 'file-judged', 'file-again'],
};
const importsLeft: Hop = { hop: 'schedule -> imports that nobody works on', checks: ['imports-left'], ...bySchedule };
const inbound: Hop = {
  hop: 'inbound bus -> queue -> facts',
  state: 'driven',
  checks: ['fact-by-bus', 'same-event-again', 'bad-fact', 'same-instant'],
  rules: ['facts'],
};
const signIn: Hop = {
  hop: 'people and machines -> user pools -> token; staff by a second factor',
  state: 'driven',
  checks: ['facts-by-api', 'refusals'],
};
const published: Hop = {
  hop: 'profile stream -> relay -> outbound bus -> subscriber',
  state: 'driven',
  checks: ['published'],
};
const follow: Hop = {
  hop: 'profile stream -> follow: search, what waited',
  state: 'driven',
  checks: ['search', 'same-instant'],
};
const sealed: Hop = { hop: 'audit stream -> seals; access log', state: 'driven', checks: ['audit'] };
const checkpoint: Hop = {
  hop: 'schedule -> audit checkpoint -> locked bucket',
  checks: ['checkpoint', 'locked'],
  ...bySchedule,
};
const acts: Hop = { hop: "operator's acts by the function", state: 'driven', checks: ['bad-fact', 'audit'] };
const replayed: Hop = {
  hop: 'operator -> replay -> segments that call themselves on; schedule -> segments that nobody works on',
  checks: ['replayed', 'replays-left'],
  ...bySchedule,
};
const matchActs: Hop = {
  hop: "operator's acts that hold customers against each other",
  state: 'driven',
  checks: ['match-run'],
};
const parkedActs: Hop = {
  hop: "operator's acts on what was given up, and on devices",
  state: 'asserted',
  checks: [],
  note: infra('rights'),
};

type Shown = readonly [Hop, ...Hop[]];
/** Functions that are shown as all of their kind are, where nothing else is said of them. */
type Usual = ApiFunctionName | ScheduledFunctionName;

/** What shows each function at work. */
const shownBy: Readonly<Record<Exclude<FunctionName, Usual>, Shown> & Partial<Record<Usual, Shown>>> = {
  'access-log': [sealed],
  explain: [explained],
  facts: [inbound],
  identity: [merged],
  meters: [registration],
  imports: [files],
  duplicates: [duplicates],
  validation: [found, insights],
  reference: [putReference],
  search: [follow],
  usage: [gateway, insights],
  'meter-provision': [provisioning],
  'meter-certificates': [certificates],
  readings: [measured],
  'insight-follow': [told, insights],
  'validation-follow': [usage, judged],
  'silent-meters': [silent],
  'imports-points': [files],
  'imports-work': [files, importsLeft],
  'facts-inbound': [inbound],
  relay: [published],
  'profile-follow': [follow, duplicates],
  'audit-seal': [sealed],
  'audit-checkpoint': [checkpoint],
  operations: [acts],
  'operations-replay': [replayed],
  'operations-parked': [parkedActs],
  'operations-match': [matchActs],
  'sign-in': [signIn],
  'sign-in-staff': [signIn],
};

/** Every route is driven; a schedule of which nothing else is said is held to its rule and its target. */
const usualHop = (name: FunctionName): Hop => {
  const { on, description } = functionNamed(name);
  if (on.api !== undefined) return gateway;
  return { hop: `schedule -> ${description}`, state: 'asserted', checks: [], note: infra('flows') };
};

/** Hops of the functions, in their order. */
export const functionHops: readonly Hop[] = [
  ...new Set(functionNames.flatMap((name) => shownBy[name] ?? [usualHop(name)])),
];

/** Functions, and rules that call them, by their names without stage. */
export const functionParts: readonly string[] = functionNames.flatMap((name) => {
  const { schedule, file } = functionNamed(name).on;
  return [name, ...[schedule, file].flatMap((rule) => (rule === undefined ? [] : [rule.name]))];
});
