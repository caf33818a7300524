import { accountOf, type StoryAccount, tellMoney } from './accounts.ts';
import { flats, sites } from './cast.ts';
import { tellEveryday } from './interactions.ts';
import type { LoadKind } from './load-tables.ts';
import { tellOpening } from './opening.ts';
import { firmOf, type Person, personOf } from './people.ts';
import { flatOf, type Place, siteOf } from './places.ts';
import { type Desk, dateAt, type PartyStory, termsAt } from './setting.ts';
import { leaveEmpty, presenceOf, type Supply, supplyOf } from './supply.ts';

const flatKinds = ['single', 'couple', 'single', 'retired', 'family', 'couple'] as const;
const siteKinds = ['shop', 'shop', 'office', 'warehouse', 'shop', 'bakery', 'shop', 'workshop'] as const;
/** One flat stands empty for a while between two tenants. */
const emptyFlat = 5;
/** Accounts made known at once: enough to be quick, few enough for one commit. */
const atOnce = 4;

interface Holding {
  readonly place: Place;
  readonly kind: LoadKind;
  readonly business: boolean;
  readonly empty: boolean;
}

const supplyHolding = (desk: Desk, holding: Holding): Supply => {
  const { options, calendar, party, random } = desk;
  const presence = presenceOf(calendar, random);
  if (holding.business) presence.fill(2);
  if (holding.empty) leaveEmpty(calendar, presence, dateAt(calendar, 40), dateAt(calendar, 55));
  return supplyOf(options, calendar, party, holding.place, { kind: holding.kind, presence });
};

/** One customer with many places, an account for each. */
const portfolioStory = (desk: Desk, person: Person, holdings: readonly Holding[]): PartyStory => {
  const { options, calendar, party, teller, random, openAt, since } = desk;
  const supplies: Supply[] = [];
  const accounts: StoryAccount[] = [];
  holdings.forEach((holding, index) => {
    const supply = supplyHolding(desk, holding);
    supplies.push(supply);
    const terms = termsAt(supply, holding.business, since);
    accounts.push(
      accountOf(options, calendar, party, {
        customer: party.number,
        place: index + 1,
        openedOn: since,
        holders: [person],
        terms,
      }),
    );
  });
  const [first] = holdings;
  for (let from = 0; from < accounts.length; from += atOnce) {
    tellOpening(teller, options, calendar, openAt + from * 60, {
      people: from === 0 && first !== undefined ? [{ person, home: first.place, since }] : [],
      accounts: accounts.slice(from, from + atOnce),
      supplies: supplies.slice(from, from + atOnce),
    });
  }
  for (const account of accounts) tellMoney(teller, options, calendar, party, account);
  tellEveryday(teller, calendar, person, random);
  return { party, people: [person], accounts, supplies, steps: teller.steps() };
};

const count = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

/** A landlord who pays for twelve flats in one building. */
export const landlordStory = (desk: Desk): PartyStory => {
  const { options, party } = desk;
  const holdings = count(flats).map((flat) => ({
    place: flatOf(options.currency, party.number, flat),
    kind: flatKinds[(flat - 1) % flatKinds.length] ?? 'single',
    business: false,
    empty: flat === emptyFlat,
  }));
  return portfolioStory(desk, personOf(options, party.number), holdings);
};

/** A business with eight sites, in all towns. */
export const multiSiteStory = (desk: Desk): PartyStory => {
  const { options, party } = desk;
  const holdings = count(sites).map((site) => ({
    place: siteOf(options.currency, party.number, site),
    kind: siteKinds[(site - 1) % siteKinds.length] ?? 'shop',
    business: true,
    empty: false,
  }));
  return portfolioStory(desk, firmOf(options, party.number, 'Provisions'), holdings);
};
