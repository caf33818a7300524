/** A fact as a source told it, with what it names as ids. The model knows nothing else. */
export interface Told {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly actor: string;
  readonly sequence: number;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** What it makes. */
  readonly makes?: string;
}

/** Turns of types at one instant of one source: what makes a thing, what speaks of it, what holds it, what asks, declines and ends. */
const turns: Readonly<Record<string, number>> = {
  'customer.profile.registered.v1': 0,
  'account.account.opened.v1': 0,
  'premise.premise.registered.v1': 0,
  'service.outage.reported.v1': 0,
  'account.role.granted.v1': 1,
  'account.agreement.started.v1': 1,
  'billing.bill.issued.v1': 1,
  'billing.payment.received.v1': 1,
  'customer.contact-point.added.v1': 1,
  'contact.interaction.logged.v1': 1,
  'contact.change-request.made.v1': 1,
  'premise.service-point.registered.v1': 1,
  'metering.meter.installed.v1': 1,
  'customer.profile.corrected.v1': 2,
  'customer.contact-point.changed.v1': 2,
  'premise.service-point.changed.v1': 2,
  'customer.contact-point.verified.v1': 3,
  'customer.attribute.pinned.v1': 3,
  'billing.reversal.requested.v1': 4,
  'billing.reversal.declined.v1': 5,
};
const lastTurn = 6;

/** Fields by which types name what another fact made. */
const grounds: Readonly<Record<string, readonly string[]>> = {
  'billing.payment.reversed.v1': ['payment', 'request'],
  'billing.reversal.requested.v1': ['payment'],
  'billing.reversal.declined.v1': ['payment', 'request'],
  'customer.contact-point.changed.v1': ['point'],
  'customer.contact-point.verified.v1': ['point'],
  'customer.contact-point.removed.v1': ['point'],
  'customer.profile.corrected.v1': ['customer'],
  'customer.attribute.pinned.v1': ['customer'],
  'premise.service-point.changed.v1': ['servicePoint'],
  'service.outage.restored.v1': ['outage'],
  'contact.change-request.settled.v1': ['request'],
};

/** Fields that name a thing which must be known before anything can be said of it. */
const named = ['customer', 'account', 'premise', 'servicePoint'] as const;

export const text = (fact: Told, member: string): string | undefined => {
  const value = fact.data[member];
  return typeof value === 'string' ? value : undefined;
};
export const isTrue = (fact: Told, member: string): boolean | undefined => {
  const value = fact.data[member];
  return typeof value === 'boolean' ? value : undefined;
};
export const money = (fact: Told): { readonly amountMinor: number; readonly currency: string } => {
  const { amount } = fact.data;
  if (typeof amount !== 'object' || amount === null || !('amountMinor' in amount) || !('currency' in amount))
    throw new Error(`${fact.id} has no amount`);
  return { amountMinor: Number(amount.amountMinor), currency: String(amount.currency) };
};
export const dayOf = ({ at }: Pick<Told, 'at'>): string => at.slice(0, 10);

export const isRetraction = ({ type }: Pick<Told, 'type'>): boolean => type.includes('.retracted.');

/** The fact that made a thing, or that a fact itself is named by. */
const makerOf = (facts: readonly Told[], thing: string): Told | undefined =>
  facts.find((one) => one.makes === thing || one.id === thing);

export const groundsOf = (facts: readonly Told[], fact: Told): readonly (Told | undefined)[] =>
  (grounds[fact.type] ?? []).flatMap((field) => {
    const thing = text(fact, field);
    return thing === undefined ? [] : [makerOf(facts, thing)];
  });

/** What a fact waits for: what it stands behind, and the agreement that an end names, though it keeps its own place. */
const awaitedBy = (facts: readonly Told[], fact: Told): readonly (Told | undefined)[] => {
  const agreement = fact.type === 'account.agreement.ended.v1' ? text(fact, 'agreement') : undefined;
  return agreement === undefined ? groundsOf(facts, fact) : [makerOf(facts, agreement)];
};

/** The record that a fact speaks of: things of a premise are its service points'. */
const recordOf = (facts: readonly Told[], fact: Told): string | undefined => {
  const place = text(fact, 'servicePoint');
  const direct = text(fact, 'account') ?? text(fact, 'customer') ?? text(fact, 'premise');
  if (direct !== undefined) return direct;
  const maker = place === undefined ? undefined : makerOf(facts, place);
  return maker === undefined ? fact.makes : text(maker, 'premise');
};

const isAllKnown = (kept: readonly Told[], fact: Told): boolean =>
  named.every((field) => {
    const thing = text(fact, field);
    return thing === undefined || kept.some(({ makes }) => makes === thing);
  });

/** Whether money is in the currency that its account was opened in, even where the opening was taken back since. */
const isInCurrency = (kept: readonly Told[], fact: Told): boolean => {
  if (fact.type !== 'billing.bill.issued.v1' && fact.type !== 'billing.payment.received.v1') return true;
  const opening = kept.find(({ makes }) => makes !== undefined && makes === text(fact, 'account'));
  return opening !== undefined && text(opening, 'currency') === money(fact).currency;
};

/** A payment goes back by the word of who booked it, or of billing. */
const isTheirsToTakeBack = (fact: Told, payment: Told | undefined): boolean =>
  fact.type !== 'billing.payment.reversed.v1' ||
  payment === undefined ||
  fact.source === payment.source ||
  fact.source === 'billing';

const isPlaced = (kept: readonly Told[], fact: Told): boolean => {
  if (isRetraction(fact)) {
    const taken = makerOf(kept, text(fact, 'factId') ?? '');
    return taken !== undefined && taken.source === fact.source;
  }
  const rests = awaitedBy(kept, fact);
  return (
    isAllKnown(kept, fact) &&
    isInCurrency(kept, fact) &&
    rests.every(
      (ground) => ground !== undefined && (ground.makes === recordOf(kept, fact) || isOfOne(kept, ground, fact)),
    ) &&
    isTheirsToTakeBack(fact, rests[0])
  );
};
const isOfOne = (kept: readonly Told[], ground: Told, fact: Told): boolean => {
  if (fact.type === 'premise.service-point.changed.v1' || fact.type === 'service.outage.restored.v1') return true;
  return recordOf(kept, ground) === recordOf(kept, fact);
};

/** What a system keeps of what it was told, in whatever order it was told: the rest waits, or is kept aside. */
export const keptOf = (told: readonly Told[]): readonly Told[] => {
  let kept: readonly Told[] = [];
  for (;;) {
    const next = told.filter((fact) => kept.includes(fact) || isPlaced(kept, fact));
    if (next.length === kept.length) return kept;
    kept = next;
  }
};

interface Place {
  readonly at: string;
  readonly source: string;
  readonly sequence: number;
}
const comparePlaces = (a: Place, b: Place): number =>
  a.at !== b.at
    ? a.at < b.at
      ? -1
      : 1
    : a.source !== b.source
      ? a.source < b.source
        ? -1
        : 1
      : a.sequence - b.sequence;

/** Where a fact stands: by its own instant, source and sequence, or just after what it rests on where it is not after that. */
export const placeOf = (facts: readonly Told[], fact: Told): Place => {
  const rests = groundsOf(facts, fact).flatMap((ground) => (ground === undefined ? [] : [placeOf(facts, ground)]));
  return [fact, ...rests].toSorted(comparePlaces).at(-1) ?? fact;
};

/** Facts in the order in which they take effect. */
export const inOrder = (facts: readonly Told[]): readonly Told[] => {
  const placed = facts.map((fact) => ({ fact, place: placeOf(facts, fact), turn: turns[fact.type] ?? lastTurn }));
  return placed
    .toSorted((a, b) => comparePlaces(a.place, b.place) || a.turn - b.turn || (a.fact.id < b.fact.id ? -1 : 1))
    .map(({ fact }) => fact);
};

/** What counts of the facts kept, in its order: nothing that was taken back, and of a moment nothing that came about later. */
export const standingOf = (kept: readonly Told[], asOf = '9999'): readonly Told[] => {
  const taken = new Set(kept.filter(isRetraction).map((fact) => text(fact, 'factId')));
  return inOrder(kept).filter((fact) => !isRetraction(fact) && !taken.has(fact.id) && placeOf(kept, fact).at <= asOf);
};
