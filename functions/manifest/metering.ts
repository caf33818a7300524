import { atOnce, day, hour, lasting, minute } from './alarm.ts';
import { keysBegin, type ListedFunction, reader, writer } from './definition.ts';

/** Functions of meters: from the device to its readings, and what is made of these. */
export const meteringFunctions = {
  meters: {
    description: 'API: meters and their certificates',
    memoryMb: 512,
    seconds: 15,
    runs: ['meters.api'],
    rights: [...reader, 'read readings', 'keep meters', 'register meters'],
    on: { api: {} },
    alarms: [
      {
        id: 'keys-exchanged',
        runbook: 'keys-exchanged',
        impact: 'A meter that is known got another key: whoever holds it tells the days of that meter from now on.',
        urgency: 'ticket',
        ...atOnce,
        on: [{ count: 'meter.key-exchanged' }],
      },
      {
        id: 'keys-refused',
        runbook: 'keys-exchanged',
        impact: 'Somebody asks by registering for keys of meters that are known: a tool that is behind, or a thief.',
        urgency: 'ticket',
        threshold: 5,
        ...lasting,
        on: [{ count: 'request.refused', where: { code: 'meter.exchange-only' } }],
      },
    ],
  },
  'meter-provision': {
    stack: 'stateful',
    description: 'whether a device may be provisioned as the meter it says it is',
    memoryMb: 512,
    // IoT Core waits five seconds.
    seconds: 5,
    runs: ['meters.provision'],
    rights: ['read profiles', 'keep certificates', 'look at certificates'],
    on: { name: { by: 'iot' } },
    alarms: [
      {
        id: 'provisioning-refused',
        runbook: 'devices-refused',
        impact: 'New meters get no certificate and send nothing. Or the claim certificate is in wrong hands.',
        urgency: 'ticket',
        threshold: 5,
        ...lasting,
        on: [{ count: 'provisioning.refused', subject: 'meters' }],
      },
    ],
  },
  'meter-certificates': {
    stack: 'ingest',
    description: 'takes back certificates that are superseded or over',
    memoryMb: 512,
    seconds: 900,
    runs: ['meters.certificates'],
    rights: ['read profiles', 'keep certificates', 'retire certificates'],
    on: {
      schedule: {
        id: 'MeterCertificatesDaily',
        name: 'meter-certificates',
        description: 'takes back certificates, daily',
        expression: 'cron(17 3 * * ? *)',
      },
    },
    alarms: [
      {
        id: 'certificates-not-retired',
        runbook: 'certificates-not-retired',
        impact:
          'Certificates of meters that are superseded or over are still good: a stolen one would still be let in.',
        urgency: 'ticket',
        threshold: 1,
        below: true,
        period: day,
        periods: 1,
        silenceRings: true,
        on: [{ metric: 'Invocations' }],
      },
      {
        id: 'certificates-failing',
        runbook: 'certificates-not-retired',
        impact: 'Certificates of some meters could not be taken back and are still good; the next run tries again.',
        urgency: 'ticket',
        threshold: 0,
        period: 5 * minute,
        periods: 1,
        on: [{ count: 'certificate.retire-failed' }],
      },
    ],
  },
  readings: {
    stack: 'ingest',
    description: 'keeps what meters measured',
    memoryMb: 1769,
    seconds: 120,
    runs: ['readings.take'],
    rights: ['commit facts', 'record', 'read readings', 'keep readings'],
    reserved: { staging: 10, prod: 40 },
    // One second for what is measured now; a batch of day blocks fills before that.
    on: {
      stream: {
        id: 'TelemetryToReadings',
        of: 'telemetry',
        batchSize: 2000,
        windowSeconds: 1,
        behind: {
          id: 'telemetry-behind',
          impact:
            'Readings are kept late: customers and staff see old usage. Past the time the stream keeps them they are lost.',
          urgency: 'page',
        },
      },
    },
    alarms: [
      {
        id: 'readings-not-kept',
        runbook: 'readings-not-kept',
        impact: 'Readings could not be written and are tried again; if that goes on they are given up.',
        urgency: 'page',
        threshold: 0,
        ...lasting,
        on: [
          { count: 'readings.put-failed', subject: 'put' },
          { count: 'readings.quarantine-failed', subject: 'quarantine' },
          { count: 'readings.meter-unreadable', subject: 'meter' },
        ],
      },
    ],
  },
  imports: {
    description: 'API: imports of files of meter data',
    memoryMb: 1024,
    seconds: 15,
    runs: ['imports.api'],
    rights: [...reader, 'keep imports'],
    on: { api: {} },
  },
  'imports-points': {
    stack: 'ingest',
    description: 'makes points known that files of meter data name, and keeps their rows aside',
    memoryMb: 1769,
    seconds: 120,
    runs: ['imports.points'],
    rights: ['commit facts', 'record'],
    on: { name: { by: 'function' } },
  },
  'imports-work': {
    stack: 'ingest',
    description: 'works off files of meter data',
    memoryMb: 1769,
    seconds: 900,
    runs: ['imports.work'],
    rights: ['read profiles', 'read readings', 'keep imports', 'undo imports', 'have points made', 'send telemetry'],
    // Files may wait; meters and people may not wait for them.
    reserved: { prod: 5 },
    nearTimeout: 970,
    on: {
      name: { by: 'function' },
      file: { id: 'ImportFiles', name: 'import-files', description: 'a file of meter data came', of: 'imports' },
      schedule: {
        id: 'ImportsLeft',
        name: 'imports-left',
        description: 'takes up imports that nobody works on',
        expression: 'rate(5 minutes)',
      },
    },
  },
  validation: {
    description: 'API: what the rules found in readings, corrections, and what people make of insights',
    memoryMb: 1024,
    seconds: 15,
    runs: ['validation.api', 'insight.decisions'],
    rights: [...writer, 'read readings', 'correct readings'],
    on: { api: {} },
  },
  'validation-follow': {
    id: 'UsageFollow',
    stack: 'ingest',
    description: 'days are judged and usage in the views of customers follows readings',
    memoryMb: 1769,
    seconds: 120,
    runs: ['usage.measure', 'validation.judge', 'validation.publish'],
    rights: ['read readings', 'judge readings', 'commit facts'],
    reserved: { prod: 20 },
    on: {
      stream: {
        id: 'ReadingsToUsage',
        of: 'readings',
        batchSize: 1000,
        windowSeconds: 5,
        parallelization: 4,
        // Readings, what dials stood at, judged days, closed months, and what happened at premises.
        filters: [keysBegin('pk', 'M#', 'C#', 'V#', 'T#', 'W#', 'P#')],
        behind: {
          id: 'usage-behind',
          impact:
            'Usage in the views of customers is old, days are not judged and months not closed, though the readings are kept.',
          urgency: 'ticket',
        },
      },
    },
  },
  'silent-meters': {
    stack: 'ingest',
    description: 'judges the days of meters of which nothing came',
    memoryMb: 1024,
    seconds: 900,
    runs: ['validation.silence'],
    rights: ['read profiles', 'watch meters', 'read readings', 'keep readings'],
    on: {
      schedule: {
        id: 'SilentMetersHourly',
        name: 'silent-meters',
        description: 'looks at meters that should have been heard, hourly',
        expression: 'rate(1 hour)',
      },
    },
    alarms: [
      {
        id: 'meters-not-looked-at',
        runbook: 'meters-silent',
        impact:
          'Nobody notices meters that fall silent: their days are not estimated, and their months are not closed.',
        urgency: 'ticket',
        threshold: 1,
        below: true,
        period: 6 * hour,
        periods: 1,
        silenceRings: true,
        on: [{ metric: 'Invocations' }],
      },
      {
        id: 'meters-unseen',
        runbook: 'meters-silent',
        impact: 'Days of some meters could not be judged though nothing came of them; the next run tries again.',
        urgency: 'ticket',
        threshold: 0,
        period: hour,
        periods: 3,
        on: [{ count: 'meter.look-failed' }],
      },
      {
        id: 'meters-silent',
        runbook: 'meters-silent',
        impact:
          'Many meters fell silent at once: rather their way here is broken than they, and bills will be estimated.',
        urgency: 'ticket',
        threshold: 100,
        period: hour,
        periods: 1,
        on: [{ count: 'meter.silent' }],
      },
    ],
  },
  'insight-follow': {
    id: 'ReadingConflicts',
    stack: 'ingest',
    description: 'keeps readings that another content replaced, and tells what judged days make known',
    memoryMb: 1769,
    seconds: 120,
    runs: ['readings.overwritten', 'insight.detect', 'insight.publish'],
    rights: ['commit facts', 'read readings', 'keep readings'],
    on: {
      stream: {
        id: 'ReadingsToConflicts',
        of: 'readings',
        batchSize: 1000,
        windowSeconds: 5,
        // Replaced readings; judged days, and what was told of them.
        filters: [{ eventName: ['MODIFY'], ...keysBegin('pk', 'M#') }, keysBegin('pk', 'V#', 'I#')],
        behind: {
          id: 'conflicts-behind',
          impact: 'Readings that were replaced are not kept aside yet; a dispute about them could not be settled.',
          urgency: 'ticket',
        },
      },
    },
  },
  usage: {
    description: 'API: usage, and what it tells',
    memoryMb: 1769,
    seconds: 15,
    runs: ['usage.api', 'insight.looks'],
    rights: [...reader, 'read readings'],
    on: { api: {} },
  },
  reference: {
    description: 'API: what many profiles refer to: temperatures of areas, tariffs',
    memoryMb: 512,
    seconds: 10,
    runs: ['reference.api'],
    rights: [...reader, 'read readings', 'keep temperatures', 'keep tariffs'],
    on: { api: {} },
  },
} as const satisfies Readonly<Record<string, ListedFunction>>;
