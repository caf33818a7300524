import { telemetryKinds } from '#functions/readings/contract/topics.ts';
import { functionHops } from './function-hops.ts';
import { type Hop, infra } from './hop.ts';

/** What lies before, between and around the functions. */
const otherHops: readonly Hop[] = [
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
    rules: telemetryKinds.map((kind) => `rotunda_${kind}`),
    note: 'by way of a queue of the test',
  },
  { hop: 'IoT rule -> failures bucket', state: 'asserted', checks: [], note: infra('flows') },
  { hop: 'what no meter may have sent -> quarantine', state: 'driven', checks: ['foreign-block'] },
  { hop: 'a meter that contradicts itself -> quarantine', state: 'driven', checks: ['changed-block'] },
  { hop: 'an import taken back', state: 'driven', checks: ['file-taken-back', 'file-gone'] },
  { hop: 'sending system -> inbound bus, by the role of its source', state: 'driven', checks: ['fact-by-bus'] },
  { hop: 'no system under the source of another', state: 'asserted', checks: [], note: infra('rights') },
  { hop: 'queue -> dead letters', state: 'driven', checks: ['poison'] },
  { hop: 'bus -> dead letters; archives of the buses', state: 'asserted', checks: [], note: infra('stores') },
  { hop: 'gateway refuses: tokens, origins', state: 'driven', checks: ['tokens', 'preflight'] },
  { hop: 'gateway counts what each program sends', state: 'driven', checks: ['counted'] },
  { hop: 'firewall, limits of calls', state: 'asserted', checks: [], note: infra('firewall.test') },
  { hop: 'function -> keys of the user pool', state: 'bridged', checks: ['facts-by-api'], note: 'by another address' },
  { hop: 'a record given up -> failures bucket', state: 'asserted', checks: [], note: infra('flows') },
  { hop: 'encryption at rest, recovery, locks by default', state: 'asserted', checks: [], note: infra('stores') },
  { hop: 'alarms and dashboard', state: 'asserted', checks: [], note: infra('watch') },
];

/** Every hop of the architecture. */
export const hops: readonly Hop[] = [...functionHops, ...otherHops];
