import { paginateListServiceQuotas, type ServiceQuota } from '@aws-sdk/client-service-quotas';
import type { StageConfig } from '#infra/config.ts';
import { connectsPerSecond, shardsFor } from '#infra/fleet.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clients } from './aws.ts';

/** A quota of account and region that a stage needs, and how much of it. */
export interface Need {
  readonly service: string;
  /** How its name reads in Service Quotas. */
  readonly name: RegExp;
  readonly what: string;
  readonly needed: number;
}

/** Executions that Lambda does not let be reserved, and what a new account has where nothing is. */
const unreserved = 100;
const fewest = 10;
/** What a stage with so many meters needs. */
export const needsOf = (config: StageConfig, meters: number): readonly Need[] => {
  const reserved = Object.values(config.reserved).reduce((sum, count) => sum + count, 0);
  const free = reserved > 0 ? unreserved : fewest;
  const connects = connectsPerSecond(meters);
  return [
    {
      service: 'iotcore',
      name: /connect requests per second per account/i,
      what: 'IoT Core: CONNECT requests a second',
      needed: connects,
    },
    {
      service: 'iotcore',
      name: /inbound publish requests per second per account/i,
      what: 'IoT Core: messages in a second',
      needed: connects,
    },
    {
      service: 'lambda',
      name: /^concurrent executions$/i,
      what: `Lambda: concurrent executions (${reserved} reserved, ${free} that must stay free)`,
      needed: reserved + free,
    },
    {
      service: 'kinesis',
      name: /^shards per region$/i,
      what: 'Kinesis: shards',
      needed: config.telemetryShards ?? shardsFor(meters),
    },
    {
      service: 'apigateway',
      name: /^throttle rate$/i,
      what: 'API Gateway: calls a second',
      needed: config.throttle.rate,
    },
  ];
};

export interface QuotaCheck {
  readonly what: string;
  readonly needed: number;
  /** What the account has; undefined where Service Quotas does not tell. */
  readonly has?: number;
  readonly state: 'ok' | 'ask' | 'unknown';
  /** What to do where it is not enough. */
  readonly ask?: string;
}

const quotasOf = async ({ quotas }: Clients, service: string): Promise<readonly ServiceQuota[]> => {
  const found: ServiceQuota[] = [];
  for await (const page of paginateListServiceQuotas({ client: quotas }, { ServiceCode: service })) {
    found.push(...(page.Quotas ?? []));
  }
  return found;
};

const judge = (need: Need, listed: readonly ServiceQuota[]): QuotaCheck => {
  const { what, needed, service } = need;
  const quota = listed.find(({ QuotaName = '' }) => need.name.test(QuotaName));
  const has = quota?.Value;
  if (quota === undefined || has === undefined) {
    const ask = `Service Quotas does not list it here: see that the account allows ${needed}, or ask AWS Support for it`;
    return { what, needed, state: 'unknown', ask };
  }
  if (has >= needed) return { what, needed, has, state: 'ok' };
  const ask =
    quota.Adjustable === false
      ? `it cannot be raised in this region: choose another region or less than ${needed}`
      : `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${quota.QuotaCode} --desired-value ${needed}`;
  return { what, needed, has, state: 'ask', ask };
};

/** Holds what a stage needs against what the account has. A service that does not answer stops nothing. */
export const checkQuotas = async (clients: Clients, needs: readonly Need[]): Promise<readonly QuotaCheck[]> => {
  const listed = new Map<string, readonly ServiceQuota[] | string>();
  for (const service of new Set(needs.map((need) => need.service))) {
    listed.set(service, await quotasOf(clients, service).catch((error: unknown) => causeName(error)));
  }
  return needs.map((need) => {
    const found = listed.get(need.service);
    if (found !== undefined && typeof found !== 'string') return judge(need, found);
    const { what, needed } = need;
    return { what, needed, state: 'unknown', ask: `Service Quotas did not answer (${found})` };
  });
};

/** A line for each quota. */
export const quotaLine = ({ what, needed, has, state, ask }: QuotaCheck): string =>
  `${state.padEnd(8)}${what}: needs ${needed}${has === undefined ? '' : `, has ${has}`}${ask === undefined ? '' : `; ${ask}`}`;
