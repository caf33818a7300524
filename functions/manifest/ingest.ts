import { keysBegin, type OtherFunctionDefinition } from './definition.ts';

/** Functions from the meter to its readings: they stand with devices, and the rules and files that bring readings. */
export const ingestFunctions = {
  'meter-provision': {
    description: 'whether a device may be provisioned as the meter it says it is',
    memoryMb: 512,
    // IoT Core waits five seconds.
    seconds: 5,
    runs: ['meters.provision'],
    rights: ['read profiles', 'keep certificates', 'look at certificates'],
    on: { name: { by: 'iot' } },
  },
  'meter-certificates': {
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
  },
  readings: {
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
        behind: 'telemetryBehind',
      },
    },
  },
  'insight-follow': {
    id: 'ReadingConflicts',
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
        behind: 'conflictsBehind',
      },
    },
  },
  'validation-follow': {
    id: 'UsageFollow',
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
        behind: 'usageBehind',
      },
    },
  },
  'silent-meters': {
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
  },
  'imports-points': {
    description: 'makes points known that files of meter data name, and keeps their rows aside',
    memoryMb: 1769,
    seconds: 120,
    runs: ['imports.points'],
    rights: ['commit facts', 'record'],
    on: { name: { by: 'function' } },
  },
  'imports-work': {
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
} as const satisfies Readonly<Record<string, OtherFunctionDefinition>>;
