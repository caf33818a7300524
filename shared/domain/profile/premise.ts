import { type Erased, type Fact, isErased } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { Commodity, ConnectionState } from '#shared/vocabulary/statuses.ts';
import { references, text } from './fact-data.ts';
import type { Family } from './fold.ts';

export interface PostalAddress {
  readonly lines: readonly string[];
  readonly town?: string;
  readonly postcode?: string;
  readonly country: string;
}

export interface ServicePoint {
  readonly id: string;
  readonly commodity: Commodity;
  readonly zone: string;
  readonly connection: ConnectionState;
  readonly references: readonly Reference[];
}

/** A place and its points of delivery; at most 40. */
export interface PremiseState {
  readonly registered: boolean;
  readonly address: PostalAddress | Erased | null;
  readonly region: string | null;
  readonly references: readonly Reference[];
  readonly servicePoints: readonly ServicePoint[];
}

const addressOf = (fact: Fact): PostalAddress | Erased | null => {
  const value = fact.data.address;
  if (isErased(value)) return value;
  if (typeof value !== 'object' || value === null || !('lines' in value) || !Array.isArray(value.lines)) return null;
  const lines = value.lines.filter((line: unknown): line is string => typeof line === 'string');
  return {
    lines,
    ...('town' in value && typeof value.town === 'string' ? { town: value.town } : {}),
    ...('postcode' in value && typeof value.postcode === 'string' ? { postcode: value.postcode } : {}),
    country: 'country' in value && typeof value.country === 'string' ? value.country : '',
  };
};

/** An address on one line. */
export const addressLine = (address: PostalAddress): string =>
  [...address.lines, address.town, address.postcode].filter((part) => part !== undefined && part !== '').join(', ');

const maxServicePoints = 40;

const pointRegistered = (state: PremiseState, fact: Fact): PremiseState | 'groundless' => {
  const commodity = Commodity.safeParse(fact.data.commodity);
  const connection = ConnectionState.safeParse(fact.data.connection);
  const zone = text(fact, 'zone');
  const full = state.servicePoints.length >= maxServicePoints;
  if (!commodity.success || zone === undefined || fact.entity === undefined || !state.registered || full)
    return 'groundless';
  const point: ServicePoint = {
    id: fact.entity,
    commodity: commodity.data,
    zone,
    connection: connection.success ? connection.data : 'connected',
    references: references(fact),
  };
  return { ...state, servicePoints: [...state.servicePoints, point] };
};

export const premise: Family<PremiseState> = {
  name: 'premise',
  rules: 1,
  empty: () => ({ registered: false, address: null, region: null, references: [], servicePoints: [] }),
  apply(state, fact) {
    switch (fact.type) {
      case 'premise.premise.registered.v1':
        return {
          ...state,
          registered: true,
          address: addressOf(fact),
          region: text(fact, 'region') ?? null,
          references: references(fact),
        };
      case 'premise.service-point.registered.v1':
        return pointRegistered(state, fact);
      default:
        return 'groundless';
    }
  },
};
