/**
 * Every hop of the architecture, and how the deploy test covers it. `driven`: by the deployed parts alone. `bridged`: the test
 * stands in for what the emulator lacks. `asserted`: nothing here does it; the synthesised templates are held to it elsewhere.
 */
export interface Hop {
  readonly hop: string;
  readonly state: 'driven' | 'bridged' | 'asserted';
  /** Checks that cover it, by name; all must have passed. */
  readonly checks: readonly string[];
  /** Parts of the templates that belong to it: functions and rules, by their names without stage. */
  readonly parts?: readonly string[];
  /** What stands in, or where the templates are held to it. */
  readonly note?: string;
}

/** Tests that hold the synthesised templates. */
const infra = (name: string): string => `tests/infra/${name}.ts`;
const api = infra('api.test');

export const hops: readonly Hop[] = [
  {
    hop: 'meter -> IoT Core: MQTT with mutual TLS, the device SDK',
    state: 'driven',
    checks: ['meter-registered', 'block', 'revoked-certificate'],
  },
  { hop: 'meter policy: no meter speaks for another', state: 'driven', checks: ['foreign-topic'] },
  {
    hop: 'IoT rule -> Kinesis',
    state: 'bridged',
    checks: ['iot-kinesis', 'block'],
    parts: ['rotunda_usage', 'rotunda_register', 'rotunda_event'],
    note: 'by way of a queue of the test',
  },
  { hop: 'IoT rule -> failures bucket', state: 'asserted', checks: [], note: infra('flows') },
  { hop: 'Kinesis -> readings -> table', state: 'driven', checks: ['block', 'same-block-again'], parts: ['readings'] },
  { hop: 'what no meter may have sent -> quarantine', state: 'driven', checks: ['foreign-block'] },
  { hop: 'readings stream -> usage -> view', state: 'driven', checks: ['block'], parts: ['validation-follow'] },
  { hop: 'a meter that contradicts itself -> quarantine', state: 'driven', checks: ['changed-block'] },
  {
    hop: 'readings stream -> what readings tell; what another content replaced',
    state: 'driven',
    checks: ['insight-told'],
    parts: ['insight-follow'],
    note: 'what the head end replaces is held by unit tests',
  },
  {
    hop: 'file -> signed address -> bucket -> rule -> imports -> Kinesis',
    state: 'driven',
    checks: ['file-handed-in', 'file-taken', 'file-judged', 'file-again'],
    parts: ['imports', 'imports-work', 'imports-points', 'import-files'],
  },
  { hop: 'an import taken back', state: 'driven', checks: ['file-taken-back', 'file-gone'] },
  {
    hop: 'schedule -> imports that nobody works on',
    state: 'driven',
    checks: ['imports-left'],
    parts: ['imports-left'],
    note: 'every minute here',
  },
  {
    hop: 'readings stream -> judged days -> estimates, exceptions, months -> facts',
    state: 'driven',
    checks: ['hole-filled', 'month-closed', 'corrected'],
  },
  {
    hop: 'app -> gateway -> what the rules found, corrections',
    state: 'driven',
    checks: ['corrected', 'correction-stands', 'dismissed', 'correction-logged'],
    parts: ['validation'],
  },
  { hop: 'registration of meters', state: 'driven', checks: ['meter-registered'], parts: ['meters'] },
  {
    hop: 'fleet provisioning -> hook',
    state: 'bridged',
    checks: ['provisioning'],
    parts: ['meter-provision'],
    note: 'the test asks the hook as IoT Core does',
  },
  {
    hop: 'schedule -> certificates taken back',
    state: 'driven',
    checks: ['certificates'],
    parts: ['meter-certificates'],
    note: 'every minute here',
  },
  {
    hop: 'schedule -> days of silent meters',
    state: 'driven',
    checks: ['silent-meter'],
    parts: ['silent-meters'],
    note: 'every minute here',
  },
  {
    hop: 'judged days -> insights -> facts; app -> gateway -> insights, what became of them',
    state: 'driven',
    checks: ['insight-told', 'insight-decided'],
    parts: ['insight'],
  },
  { hop: 'sending system -> inbound bus, by the role of its source', state: 'driven', checks: ['fact-by-bus'] },
  { hop: 'no system under the source of another', state: 'asserted', checks: [], note: infra('rights') },
  {
    hop: 'inbound bus -> queue -> facts',
    state: 'driven',
    checks: ['fact-by-bus', 'same-event-again', 'bad-fact', 'same-instant'],
    parts: ['facts', 'facts-inbound'],
  },
  { hop: 'queue -> dead letters', state: 'driven', checks: ['poison'] },
  { hop: 'bus -> dead letters; archives of the buses', state: 'asserted', checks: [], note: infra('stores') },
  {
    hop: 'people and machines -> user pools -> token; staff by a second factor',
    state: 'driven',
    checks: ['facts-by-api', 'refusals'],
    parts: ['sign-in', 'sign-in-staff'],
  },
  {
    hop: 'app -> gateway -> function -> table',
    state: 'driven',
    checks: ['facts-by-api', 'every-route', 'former-customer', 'planned-move'],
    parts: ['accounts', 'customers', 'outages', 'premises', 'privacy', 'usage', 'platform'],
  },
  {
    hop: 'app -> gateway -> temperatures and prices, put and read',
    state: 'driven',
    checks: ['temperatures-put', 'tariff-put'],
    parts: ['reference'],
  },
  {
    hop: 'app -> gateway -> a value explained, and a moment of the past',
    state: 'driven',
    checks: ['explained', 'as-of'],
    parts: ['explain'],
  },
  {
    hop: 'app -> gateway -> two records merged and parted',
    state: 'driven',
    checks: ['merged', 'merge-undone'],
    parts: ['identity'],
  },
  {
    hop: 'profile stream -> follow -> duplicates -> gateway -> a decision that stays',
    state: 'driven',
    checks: ['duplicate-found', 'duplicate-decided'],
    parts: ['duplicates'],
  },
  { hop: 'gateway refuses: tokens, origins', state: 'driven', checks: ['tokens', 'preflight'] },
  { hop: 'gateway counts what each program sends', state: 'driven', checks: ['counted'] },
  { hop: 'firewall, limits of calls', state: 'asserted', checks: [], note: api },
  { hop: 'function -> keys of the user pool', state: 'bridged', checks: ['facts-by-api'], note: 'by another address' },
  {
    hop: 'profile stream -> relay -> outbound bus -> subscriber',
    state: 'driven',
    checks: ['published'],
    parts: ['relay'],
  },
  {
    hop: 'profile stream -> follow: search, what waited',
    state: 'driven',
    checks: ['search', 'same-instant'],
    parts: ['profile-follow', 'search'],
  },
  {
    hop: 'audit stream -> seals; access log',
    state: 'driven',
    checks: ['audit'],
    parts: ['audit-seal', 'access-log'],
  },
  {
    hop: 'schedule -> audit checkpoint -> locked bucket',
    state: 'driven',
    checks: ['checkpoint', 'locked'],
    parts: ['audit-checkpoint'],
    note: 'every minute here',
  },
  { hop: "operator's acts by the function", state: 'driven', checks: ['bad-fact', 'audit'], parts: ['operations'] },
  {
    hop: "operator's acts that hold customers against each other",
    state: 'driven',
    checks: ['match-run'],
    parts: ['operations-match'],
  },
  {
    hop: "operator's acts on what was given up, and on devices",
    state: 'asserted',
    checks: [],
    parts: ['operations-parked'],
    note: infra('rights'),
  },
  { hop: 'a record given up -> failures bucket', state: 'asserted', checks: [], note: infra('flows') },
  { hop: 'encryption at rest, recovery, locks by default', state: 'asserted', checks: [], note: infra('stores') },
  { hop: 'alarms and dashboard', state: 'asserted', checks: [], note: infra('watch') },
];
