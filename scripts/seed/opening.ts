import type { StoryAccount } from './accounts.ts';
import type { StoryCalendar, StoryOptions } from './calendar.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';
import type { Supply } from './supply.ts';
import type { Teller } from './tell.ts';
import {
  accountOpened,
  agreementStarted,
  contactPoints,
  meterInstalled,
  pointRegistered,
  premiseRegistered,
  registered,
  roleGranted,
} from './tellings.ts';

/** What becomes known together: people with where their post goes, accounts, places. */
export interface Opening {
  readonly people: readonly { readonly person: Person; readonly home: Place; readonly since: string }[];
  readonly accounts: readonly StoryAccount[];
  readonly supplies: readonly Supply[];
}

/** Seconds between the steps of an opening. */
const pause = 60;

/**
 * Tells an opening in three steps: people, accounts and premises; then how to reach them, who holds what and where is
 * delivered; then meters and agreements. Each step names only what the one before made.
 */
export const tellOpening = (
  teller: Teller,
  options: StoryOptions,
  calendar: StoryCalendar,
  start: number,
  opening: Opening,
): void => {
  const { people, accounts, supplies } = opening;
  const points = supplies.flatMap(({ place, points: all }) => all.map((point) => ({ place, point })));
  teller.tell(
    start,
    [
      ...people.map(({ person, since }) => registered(teller, start, person, since)),
      ...accounts.map((account) => accountOpened(teller, start, account, options.currency, account.openedOn)),
      ...supplies.map(({ place }) => premiseRegistered(teller, start, place)),
    ],
    { waits: true },
  );
  const second = start + pause;
  teller.tell(
    second,
    [
      ...people.flatMap(({ person, home }) => contactPoints(teller, second, person, home)),
      ...accounts.flatMap((account) => rolesOf(teller, second, account)),
      ...points.map(({ place, point }) => pointRegistered(teller, second, place, point, calendar.zone)),
    ],
    { waits: true },
  );
  const third = second + pause;
  const meters = points.flatMap(({ point }) => point.meters.slice(0, 1).map((meter) => ({ point, meter })));
  const terms = accounts.flatMap((account) => account.terms.map((term) => ({ account, term })));
  teller.tell(
    third,
    [
      ...meters.map(({ point, meter }) => meterInstalled(teller, third, calendar, point, meter)),
      ...terms
        .filter(({ account, term }) => term.from <= account.openedOn)
        .map(({ account, term }) => agreementStarted(teller, third, account, term)),
    ],
    { waits: true, meters: meters.map(({ meter }) => meter) },
  );
};

const rolesOf = (teller: Teller, at: number, account: StoryAccount) =>
  account.holders.map((person, index) =>
    roleGranted(teller, at, account, person, index === 0 ? 'holder' : 'joint', account.openedOn),
  );
