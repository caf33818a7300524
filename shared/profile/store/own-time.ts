import type { Right } from '#shared/access/role-rights.ts';
import type { Grounds, Spoken } from '#shared/access/spoken.ts';
import { spokenOf } from '#shared/access/spoken-of.ts';
import { type Own, ownRanges, type PlaceOfSomebody, servedPoints, type Told, toldOf } from '#shared/access/told-of.ts';
import { isRetractionFact } from '#shared/contracts/facts/as-fact.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { groundsOf } from '#shared/contracts/facts/place-in-fold.ts';
import { idNamespace } from '#shared/facts/grounds.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { type RoleHeld, roles, rolesHeld } from '#shared/profile/rules/roles.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { knownGroundless, type States, stateOf } from '#shared/profile/rules/states.ts';
import { referenceKey, subjectKindOf } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { textOf } from './items.ts';
import { latestRoles, readPartOf, rolesOn } from './roles-held.ts';
import { type LoadedSubject, loadSubject } from './subjects.ts';

/** States of subjects, each read once: what one request decides by is of one moment. */
export class StatesOnce {
  readonly #profile: Table;
  readonly #read = new Map<string, Promise<States>>();

  constructor(profile: Table) {
    this.#profile = profile;
  }

  of(subject: string): Promise<States> {
    const known = this.#read.get(subject) ?? loadSubject(this.#profile, subject).then(({ states }) => states);
    this.#read.set(subject, known);
    return known;
  }
}

/** A place as it says whose it was. */
export const placeOf = (states: States): PlaceOfSomebody => ({
  points: stateOf(states, premise).state.servicePoints,
  agreements: serviceAt(states).agreements,
});

/** The payment that a fact rests on. */
const readPayment = async (profile: Table, fact: Fact): Promise<Fact | undefined> => {
  const definition = factTypes.get(fact.type);
  const kinds = new Map(Object.entries(definition === undefined ? {} : groundsOf(definition)));
  const named = Object.entries(fact.data).find(([field]) => kinds.get(field) === 'payment')?.[1];
  if (typeof named !== 'string') return undefined;
  const claim = await profile.get(referenceKey('payment', { namespace: idNamespace, value: named }));
  return claim === undefined ? undefined : (await readStoredFact(profile, textOf(claim, 'fact')))?.fact;
};

/** What a fact speaks of, with what it rests on read. */
export const readSpoken = async (profile: Table, states: StatesOnce, fact: Fact): Promise<Spoken | undefined> => {
  const named = isRetractionFact(fact) ? await readStoredFact(profile, String(fact.data.factId)) : undefined;
  const about = named?.fact ?? fact;
  const { subjects } = about;
  const [place, interrupted] = (['premise', 'outage'] as const).map((kind) =>
    subjects.find((subject) => kindOf(subject) === kind),
  );
  const grounds: Grounds = {
    takenBack: named?.fact,
    payment: await readPayment(profile, about),
    premise: place === undefined ? undefined : await states.of(place),
    outage: interrupted === undefined ? undefined : await states.of(interrupted),
  };
  return spokenOf(fact, grounds);
};

/** What is one customer's own of all that is kept: by the roles and agreements that are known now. */
export class OwnTime {
  readonly #profile: Table;
  readonly #states: StatesOnce;
  readonly customer: string;
  readonly #today: string;
  #record: Promise<LoadedSubject> | undefined;
  /** Their roles by account, each read once. */
  readonly #roles = new Map<string, Promise<readonly RoleHeld[]>>();

  /**
   * @param customer the survivor, where their record was merged into another
   * @param today the utility's local date
   */
  constructor(profile: Table, customer: string, today: string) {
    this.#profile = profile;
    this.#states = new StatesOnce(profile);
    this.customer = customer;
    this.#today = today;
  }

  #loaded(): Promise<LoadedSubject> {
    this.#record ??= loadSubject(this.#profile, this.customer);
    return this.#record;
  }

  async #ownWith(rolesOf: (customer: LoadedSubject) => Promise<readonly RoleHeld[]>): Promise<Own> {
    const customer = await this.#loaded();
    return {
      records: [this.customer, ...customer.head.aliases],
      roles: await rolesOf(customer),
      today: this.#today,
    };
  }

  /** What is their own, of roles those on some accounts. */
  ownOn(accounts: readonly string[]): Promise<Own> {
    return this.#ownWith(async (customer) => {
      const found = await Promise.all([...new Set(accounts)].map((account) => this.#ownRolesOn(customer, account)));
      return found.flat();
    });
  }

  #ownRolesOn(customer: LoadedSubject, account: string): Promise<readonly RoleHeld[]> {
    const known = this.#roles.get(account) ?? rolesOn(this.#profile, customer, [account]);
    this.#roles.set(account, known);
    return known;
  }

  /** What is their own, of roles those on the accounts that go on, then on those that ended last, up to so many accounts. */
  ownOfLatest(most: number): Promise<Own> {
    return this.#ownWith((customer) => latestRoles(this.#profile, customer, most));
  }

  #ownAt({ agreements }: PlaceOfSomebody): Promise<Own> {
    return this.ownOn(agreements.map(({ account }) => account));
  }

  /** Whether a fact had no effect on a family of their own, as far as its state still names it. */
  async isGroundless(family: FamilyName, fact: Fact): Promise<boolean> {
    const customer = await this.#loaded();
    const parts = family === roles.name ? await readPartOf(this.#profile, customer, fact) : undefined;
    const held = customer.states.get(family);
    return (
      held !== undefined && knownGroundless({ ...held, ...(parts === undefined ? {} : { parts }) }).includes(fact.id)
    );
  }

  /** States of a subject as they were when they were first asked for. */
  async statesOf(subject: string): Promise<States> {
    return subject === this.customer ? (await this.#loaded()).states : this.#states.of(subject);
  }

  async #rolesOn(id: string): Promise<readonly RoleHeld[]> {
    return rolesHeld(stateOf(await this.#states.of(id), account).state.roles);
  }

  /** What the customer is told of a fact. */
  async told(fact: Fact): Promise<Told> {
    const spoken = await readSpoken(this.#profile, this.#states, fact);
    const place = spoken?.of === 'place' ? placeOf(await this.#states.of(spoken.premise)) : undefined;
    const onAccount =
      spoken?.of === 'account' && spoken.right === 'bills' ? await this.#rolesOn(spoken.account) : undefined;
    const records = fact.subjects.filter((subject) => subjectKindOf(subject) === 'customer');
    const on = place === undefined && spoken?.of === 'account' ? [spoken.account] : [];
    const own = await (place === undefined ? this.ownOn(on) : this.#ownAt(place));
    return toldOf(own, spoken, records, place, onAccount);
  }

  /** Service points of a premise that they have service at now, or are to have. */
  async servedPoints(place: string, right: Right): Promise<PlaceOfSomebody['points']> {
    const known = placeOf(await this.#states.of(place));
    return servedPoints(await this.#ownAt(known), right, known);
  }

  /** When service points of a premise were theirs by a right, in Unix seconds; those that never were are left out. */
  async pointsOf(place: string, right: Right): Promise<ReadonlyMap<string, readonly Range[]>> {
    const known = placeOf(await this.#states.of(place));
    const own = await this.#ownAt(known);
    const all = known.points.map((point) => [point.id, ownRanges(own, right, known, point)] as const);
    return new Map(all.filter(([, ranges]) => ranges.length > 0));
  }

  /** When a service point was theirs by a right, in Unix seconds. */
  async rangesOf(place: string, point: string, right: Right): Promise<readonly Range[]> {
    return (await this.pointsOf(place, right)).get(point) ?? [];
  }
}
