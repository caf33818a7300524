/** Where a price was read. */
export interface Source {
  readonly from: string;
  /** Date of the source. */
  readonly of: string;
}

/** A list price of us-east-1, in US dollars for so many units. */
export interface Price extends Source {
  readonly what: string;
  readonly dollars: number;
  readonly per: number;
  readonly unit: string;
}

const priceList = 'Price List API, quoted in a public repository';
const infracost = "price tables of Infracost's tests";

/** The price table; nothing else in the project names a price. Free tiers are left out. */
export const prices = {
  connection: {
    what: 'IoT Core, connection',
    dollars: 0.08,
    per: 1_000_000,
    unit: 'minutes',
    from: 'IoT Core pricing page, transcribed',
    of: '2026-09-20',
  },
  message: {
    what: 'IoT Core, message in steps of 5 KB (a CONNECT is one); the first tier',
    dollars: 1,
    per: 1_000_000,
    unit: 'messages',
    from: 'IoT Core pricing page, transcribed',
    of: '2026-09-20',
  },
  rule: {
    what: 'IoT Core, rule triggered',
    dollars: 0.15,
    per: 1_000_000,
    unit: 'rules',
    from: 'public cost sheets',
    of: '2026',
  },
  action: {
    what: 'IoT Core, action of a rule',
    dollars: 0.15,
    per: 1_000_000,
    unit: 'actions',
    from: 'public cost sheets',
    of: '2026',
  },
  shard: { what: 'Kinesis, shard', dollars: 0.015, per: 1, unit: 'hours', from: infracost, of: '2026' },
  put: {
    what: 'Kinesis, PUT unit of 25 KB',
    dollars: 0.014,
    per: 1_000_000,
    unit: 'units',
    from: infracost,
    of: '2026',
  },
  lambdaRequest: {
    what: 'Lambda, request',
    dollars: 0.2,
    per: 1_000_000,
    unit: 'requests',
    from: infracost,
    of: '2026',
  },
  lambdaTime: {
    what: 'Lambda on arm64, time',
    dollars: 0.0000133334,
    per: 1,
    unit: 'GB-seconds',
    from: infracost,
    of: '2026',
  },
  write: {
    what: 'DynamoDB on demand, write unit',
    dollars: 0.625,
    per: 1_000_000,
    unit: 'units',
    from: priceList,
    of: '2026-07-30',
  },
  read: {
    what: 'DynamoDB on demand, read unit',
    dollars: 0.125,
    per: 1_000_000,
    unit: 'units',
    from: priceList,
    of: '2026-07-30',
  },
  stored: {
    what: 'DynamoDB, storage',
    dollars: 0.25,
    per: 1,
    unit: 'GB-months',
    from: priceList,
    of: '2026-07-30',
  },
  event: {
    what: 'EventBridge, custom event of 64 KB',
    dollars: 1,
    per: 1_000_000,
    unit: 'events',
    from: 'cloudburn.io',
    of: '2026-03-13',
  },
  call: {
    what: 'API Gateway REST, call',
    dollars: 3.5,
    per: 1_000_000,
    unit: 'calls',
    from: 'Infracost and public price tables',
    of: '2026',
  },
  object: { what: 'S3, storage', dollars: 0.023, per: 1, unit: 'GB-months', from: 'public price tables', of: '2026' },
  key: { what: 'KMS, key', dollars: 1, per: 1, unit: 'key-months', from: 'cloudburn.io', of: '2026-03-14' },
  keyUse: {
    what: 'KMS, request',
    dollars: 0.03,
    per: 10_000,
    unit: 'requests',
    from: 'factualminds.com',
    of: '2026-06',
  },
  firewall: { what: 'WAF, web ACL', dollars: 5, per: 1, unit: 'ACL-months', from: 'c3x.dev', of: '2026' },
  firewallRule: { what: 'WAF, rule', dollars: 1, per: 1, unit: 'rule-months', from: 'c3x.dev', of: '2026' },
  firewallCall: {
    what: 'WAF, request',
    dollars: 0.6,
    per: 1_000_000,
    unit: 'requests',
    from: 'c3x.dev',
    of: '2026',
  },
  logs: {
    what: 'CloudWatch Logs, taken in',
    dollars: 0.5,
    per: 1,
    unit: 'GB',
    from: 'factualminds.com',
    of: '2026-06-13',
  },
  metric: {
    what: 'CloudWatch, metric of our own',
    dollars: 0.3,
    per: 1,
    unit: 'metric-months',
    from: 'signoz.io',
    of: '2026-02-15',
  },
  alarmMetric: {
    what: 'CloudWatch, metric that an alarm looks at each minute or less often',
    dollars: 0.1,
    per: 1,
    unit: 'metric-months',
    from: 'c3x.dev; what is counted, from Amazon CloudWatch Pricing',
    of: '2026',
  },
  shardKept: {
    what: 'Kinesis, shard that keeps records from 24 hours to seven days',
    dollars: 0.02,
    per: 1,
    unit: 'hours',
    from: 'known; Amazon Kinesis Data Streams pricing: extended data retention',
    of: '2026',
  },
  recovery: {
    what: 'DynamoDB, recovery to a point in time, whatever its days',
    dollars: 0.2,
    per: 1,
    unit: 'GB-months',
    from: 'known; by the size of the table: Enable point-in-time recovery in DynamoDB',
    of: '2026',
  },
  archived: {
    what: 'EventBridge, event put into an archive',
    dollars: 0.1,
    per: 1,
    unit: 'GB',
    from: 'cloudburn.io',
    of: '2026-03-13',
  },
  archive: {
    what: 'EventBridge, archive kept',
    dollars: 0.023,
    per: 1,
    unit: 'GB-months',
    from: 'cloudburn.io',
    of: '2026-03-13',
  },
  objectPut: {
    what: 'S3, put',
    dollars: 0.005,
    per: 1000,
    unit: 'requests',
    from: 'known; Amazon S3 pricing',
    of: '2026',
  },
  keyRotated: {
    what: 'KMS, rotation of a key: the first and the second add this, later ones nothing',
    dollars: 1,
    per: 1,
    unit: 'key-months',
    from: 'known, and cloudburn.io names the change of May 2024',
    of: '2026-03-14',
  },
  logsKept: {
    what: 'CloudWatch Logs, kept, as compressed',
    dollars: 0.03,
    per: 1,
    unit: 'GB-months',
    from: 'known; Amazon CloudWatch Pricing',
    of: '2026',
  },
  dashboard: {
    what: 'CloudWatch, dashboard beyond the three that are free in an account',
    dollars: 3,
    per: 1,
    unit: 'dashboard-months',
    from: 'factualminds.com; the three, from releases of aws-arch-agent',
    of: '2026-06-13',
  },
  trace: {
    what: 'X-Ray, trace recorded',
    dollars: 5,
    per: 1_000_000,
    unit: 'traces',
    from: 'awsnegotiations.com; X-Ray Sampling Rules (oneuptime.com)',
    of: '2026-02-12',
  },
  activeUser: {
    what: 'Cognito Essentials, user who was active in the month',
    dollars: 0.015,
    per: 1,
    unit: 'users',
    from: 'Cognito pricing page, transcribed',
    of: '2026-09-20',
  },
  token: {
    what: 'Cognito, token of a program (no longer a price by app client: Monitoring and managing costs names requests alone)',
    dollars: 2.25,
    per: 1000,
    unit: 'tokens',
    from: 'vantage.sh, CUPM2MTokenRequestsFull',
    of: '2025-04-27',
  },
  queueRequest: {
    what: 'SQS, request',
    dollars: 0.4,
    per: 1_000_000,
    unit: 'requests',
    from: 'known; Amazon SQS pricing',
    of: '2026',
  },
  mail: {
    what: 'SNS, message by e-mail',
    dollars: 2,
    per: 100_000,
    unit: 'messages',
    from: 'known; Amazon SNS pricing',
    of: '2026',
  },
  auditedDevice: {
    what: 'IoT Device Defender, audit of a certificate',
    dollars: 0.0011,
    per: 1,
    unit: 'device-months',
    from: 'IoT Device Defender pricing page, transcribed',
    of: '2026-09-20',
  },
} as const satisfies Readonly<Record<string, Price>>;
export type PriceName = keyof typeof prices;

/** What so many units cost, in dollars. */
export const costOf = (name: PriceName, units: number): number => (units * prices[name].dollars) / prices[name].per;
