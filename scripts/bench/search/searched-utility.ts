import { searchSubjectOf } from '#functions/search/store/search-subjects.ts';
import { isLiableRole } from '#shared/access/held-rights.ts';
import { account } from '#shared/profile/rules/account.ts';
import { isOver, overlaps } from '#shared/profile/rules/periods.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { FoldedParty } from '../fold-party.ts';
import { type LargeUtility, openLargeUtility } from '../large-utility.ts';
import { withSpokenNames } from './spoken-names.ts';

/** A place as a caller says it. */
export interface KnownPlace {
  /** House and street. */
  readonly line: string;
  readonly town: string;
  readonly postcode: string;
}

/** What the system knows of a customer, and a caller may say. */
export interface KnownCustomer {
  readonly id: string;
  readonly names: readonly string[];
  readonly formerNames: readonly string[];
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  /** Of accounts they hold, and have left. */
  readonly accounts: readonly string[];
  readonly serials: readonly string[];
  /** Of meters that have gone from where they are. */
  readonly goneSerials: readonly string[];
  readonly places: readonly KnownPlace[];
  readonly formerPlaces: readonly KnownPlace[];
}

export interface SearchedUtility extends LargeUtility {
  readonly all: readonly KnownCustomer[];
}

const placeOf = (states: States): readonly KnownPlace[] => {
  const { address } = stateOf(states, premise).state;
  if (address === null || typeof address !== 'object' || !('lines' in address)) return [];
  return [{ line: address.lines.at(-1) ?? '', town: address.town ?? '', postcode: address.postcode ?? '' }];
};

interface Lived {
  readonly customer: string;
  readonly premise: string;
  readonly now: boolean;
}

/** Who was where, from what accounts and premises say of themselves. */
const livedIn = (states: FoldedParty['states'], today: string): readonly Lived[] => {
  const roles = [...states].flatMap(([, of]) => rolesHeld(stateOf(of, account).state.roles)).filter(isLiableRole);
  return [...states]
    .filter(([subject]) => subjectKindOf(subject) === 'premise')
    .flatMap(([subject, of]) =>
      serviceAt(of).agreements.flatMap((agreed) =>
        roles
          .filter((role) => role.account === agreed.account && overlaps(role, agreed))
          .map((role) => ({
            customer: role.customer,
            premise: subject,
            now: !isOver(role, today) && !isOver(agreed, today),
          })),
      ),
    );
};

const knownOf = ({ states }: FoldedParty, today: string): readonly KnownCustomer[] => {
  const lived = livedIn(states, today);
  const said = (subject: string) => searchSubjectOf(subject, states.get(subject) ?? new Map()) ?? {};
  const unique = <Value>(values: readonly Value[]): readonly Value[] => [
    ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
  ];
  return [...states]
    .filter(([subject]) => subjectKindOf(subject) === 'customer')
    .map(([id]): KnownCustomer => {
      const { names = [], formerNames = [], phones = [], emails = [] } = said(id);
      const held = [...states].filter(([, of]) =>
        rolesHeld(stateOf(of, account).state.roles).some((role) => role.customer === id && isLiableRole(role)),
      );
      const at = (now: boolean): readonly string[] =>
        unique(lived.filter((one) => one.customer === id && one.now === now).map((one) => one.premise));
      const here = at(true);
      const places = (premises: readonly string[]) =>
        unique(premises.flatMap((one) => placeOf(states.get(one) ?? new Map())));
      return {
        id,
        names,
        formerNames,
        phones,
        emails,
        accounts: unique(held.flatMap(([subject]) => said(subject).accountNumbers ?? [])),
        serials: unique(here.flatMap((one) => said(one).serials ?? [])),
        goneSerials: unique(here.flatMap((one) => (said(one).goneSerials ?? []).map(({ serial }) => serial))),
        places: places(here),
        formerPlaces: places(at(false).filter((one) => !here.includes(one))),
      };
    });
};

/** A utility of so many customers whose names, firms and saints are of every kind, with all that the system knows of each. */
export const openSearchedUtility = async (seed: string, customers: number): Promise<SearchedUtility> => {
  const folded: FoldedParty[] = [];
  const utility = await openLargeUtility(customers, 2, {
    seed,
    retell: (told) => withSpokenNames(seed, told),
    onFolded: (party) => folded.push(party),
  });
  return { ...utility, all: folded.flatMap((party) => knownOf(party, utility.today)) };
};
