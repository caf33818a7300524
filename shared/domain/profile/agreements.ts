import type { Fact } from '#shared/vocabulary/fact.ts';
import { flag, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import { keepLatest, type Period } from './periods.ts';

/** An account takes service at a service point on a tariff. */
export interface Agreement extends Period {
  readonly id: string;
  readonly account: string;
  readonly servicePoint: string;
  readonly premise: string;
  readonly tariff: string;
  /** Whether what the point feeds in is agreed, too; left out where it is not. */
  readonly feedIn?: true;
}

const maxEnded = 40;

const started = (agreements: readonly Agreement[], fact: Fact): readonly Agreement[] | 'groundless' => {
  const [account, servicePoint, from] = [text(fact, 'account'), text(fact, 'servicePoint'), text(fact, 'from')];
  const premise = fact.subjects[1];
  if (
    fact.entity === undefined ||
    account === undefined ||
    servicePoint === undefined ||
    from === undefined ||
    premise === undefined
  ) {
    return 'groundless';
  }
  const tariff = text(fact, 'tariff') ?? '';
  const agreement: Agreement = {
    id: fact.entity,
    account,
    servicePoint,
    premise,
    tariff,
    from,
    to: text(fact, 'to') ?? null,
    ...(flag(fact, 'feedIn') === true ? { feedIn: true } : {}),
  };
  return keepLatest([...agreements, agreement], maxEnded);
};

const ended = (agreements: readonly Agreement[], fact: Fact): readonly Agreement[] | 'groundless' => {
  const [account, servicePoint, to] = [text(fact, 'account'), text(fact, 'servicePoint'), text(fact, 'to')];
  if (account === undefined || servicePoint === undefined || to === undefined) return 'groundless';
  const holds = (one: Agreement): boolean =>
    one.account === account && one.servicePoint === servicePoint && one.from <= to && (one.to === null || to < one.to);
  if (!agreements.some(holds)) return 'groundless';
  return keepLatest(
    agreements.map((one) => (holds(one) ? { ...one, to } : one)),
    maxEnded,
  );
};

/** What an agreement fact makes of a list of agreements; account and premise fold the same rule. */
export const applyAgreement = (agreements: readonly Agreement[], fact: Fact): readonly Agreement[] | 'groundless' => {
  if (fact.type === 'account.agreement.started.v1') return started(agreements, fact);
  if (fact.type === 'account.agreement.ended.v1') return ended(agreements, fact);
  return 'groundless';
};

/** Who takes service at a premise. */
export interface SupplyState {
  readonly agreements: readonly Agreement[];
}

export const supply: Family<SupplyState> = {
  name: 'supply',
  rules: 3,
  empty: () => ({ agreements: [] }),
  apply(state, fact) {
    const next = applyAgreement(state.agreements, fact);
    return next === 'groundless' ? next : { agreements: next };
  },
};
