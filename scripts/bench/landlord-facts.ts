/** What billing tells of a landlord whose account takes service at many places of one point each. */
export interface LandlordFacts {
  readonly named: (value: string) => { readonly namespace: string; readonly value: string };
  readonly fact: (type: string, event: string, ordinal: number, data: object) => object;
  /** The customer `landlord`, the account `account`, and that the one holds the other. */
  readonly opening: readonly object[];
  /** A place `p1` with its point `s1`, and so on. */
  readonly letting: (n: number, ordinal?: number) => readonly object[];
  /** That the account takes service at the point of a place. */
  readonly agreement: (n: number, from: string, ordinal?: number) => object;
  readonly ended: (n: number, to: string, ordinal: number) => object;
}

/**
 * @param namespace of all references
 * @param at when what has a place in the order of telling was said
 */
export const landlordFacts = (namespace: string, at: (ordinal: number) => string): LandlordFacts => {
  const named = (value: string) => ({ namespace, value });
  const fact = (type: string, event: string, ordinal: number, data: object) => ({
    type,
    source: { system: 'billing' },
    sourceEventId: event,
    occurredAt: at(ordinal),
    data,
  });
  return {
    named,
    fact,
    opening: [
      fact('customer.profile.registered.v1', 'landlord', 0, {
        references: [named('landlord')],
        kind: 'organisation',
        name: { organisation: 'Harbour Lettings' },
      }),
      fact('account.account.opened.v1', 'account', 0, { references: [named('account')], currency: 'GBP' }),
      fact('account.role.granted.v1', 'role', 0, {
        account: named('account'),
        customer: named('landlord'),
        role: 'holder',
        from: '2020-01-01',
      }),
    ],
    letting: (n, ordinal = n) => [
      fact('premise.premise.registered.v1', `p${n}`, ordinal, {
        references: [named(`p${n}`)],
        address: { lines: [`${n} Long Lane`], town: 'Leeds', postcode: 'LS1 1AA', country: 'GB' },
      }),
      fact('premise.service-point.registered.v1', `s${n}`, ordinal, {
        premise: named(`p${n}`),
        references: [named(`s${n}`)],
        commodity: 'electricity',
        zone: 'Europe/London',
      }),
    ],
    agreement: (n, from, ordinal = n) =>
      fact('account.agreement.started.v1', `a${n}-${from}`, ordinal, {
        account: named('account'),
        servicePoint: named(`s${n}`),
        references: [named(`a${n}-${from}`)],
        tariff: 'STANDARD',
        from,
      }),
    ended: (n, to, ordinal) =>
      fact('account.agreement.ended.v1', `e${n}-${to}`, ordinal, {
        account: named('account'),
        servicePoint: named(`s${n}`),
        to,
      }),
  };
};
