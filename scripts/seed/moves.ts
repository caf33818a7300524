import { addDays } from '#shared/vocabulary/time.ts';
import { accountOf, type StoryAccount, tellMoney } from './accounts.ts';
import { dayIndex, instantOn } from './calendar.ts';
import { callAbout, tellEveryday, tellExchange } from './interactions.ts';
import { tellOpening } from './opening.ts';
import { type Person, personOf } from './people.ts';
import { houseOf } from './places.ts';
import { type Desk, dateAt, type PartyStory, termsAt } from './setting.ts';
import { leaveEmpty, presenceOf, supplyOf } from './supply.ts';
import { agreementEnded, agreementStarted, roleEnded } from './tellings.ts';

const hour = 3600;

/** Who takes over from whom, and when: the day out is the first without the old holder, the day in the first of the new. */
const moveDates = ({ calendar, random }: Desk): { out: string; in: string } => {
  const out = dateAt(calendar, random.between(30, 65));
  return { out, in: addDays(out, random.between(2, 18)) };
};

const tellMoveOut = (desk: Desk, person: Person, account: StoryAccount, date: string): void => {
  const { calendar, teller } = desk;
  const notice = callAbout('moving.out', `Moves out on ${date}; the final bill goes to the new address.`);
  const noticeAt = instantOn(calendar, addDays(date, -12), 11 * hour + 60 * (person.number % 60));
  // In a short story a move can come before its notice could be given.
  if (noticeAt > desk.openAt) tellExchange(teller, person, `${person.number}-notice`, noticeAt, notice);
  const at = instantOn(calendar, date, 8 * hour);
  teller.tell(
    at,
    [
      roleEnded(teller, at, account, person, 'holder', date),
      ...account.terms.map((term) => agreementEnded(teller, at, account, term, date)),
    ],
    { waits: true },
  );
};

/** A change of occupier: one leaves, the place stands empty for some days, the next moves in; the meter stays. */
export const changeOfOccupierStory = (desk: Desk): PartyStory => {
  const { options, calendar, party, teller, random, openAt, since } = desk;
  const before = personOf(options, party.number);
  const after = personOf(options, party.number + 1);
  const place = houseOf(options.currency, party.number);
  const dates = moveDates(desk);
  const presence = presenceOf(calendar, random);
  leaveEmpty(calendar, presence, dates.out, dates.in);
  const supply = supplyOf(options, calendar, party, place, { kind: party.load, presence });
  const old = accountOf(options, calendar, party, {
    customer: before.number,
    place: 1,
    openedOn: since,
    holders: [before],
    terms: termsAt(supply, false, since, dates.out),
  });
  const next = accountOf(
    options,
    calendar,
    { ...party, pays: 'prompt', behind: false, reversedPayment: false },
    {
      customer: after.number,
      place: 1,
      openedOn: dates.in,
      holders: [after],
      terms: termsAt(supply, false, dates.in),
    },
  );
  tellOpening(teller, options, calendar, openAt, {
    people: [{ person: before, home: place, since }],
    accounts: [old],
    supplies: [supply],
  });
  tellMoveOut(desk, before, old, dates.out);
  tellOpening(teller, options, calendar, instantOn(calendar, dates.in, 9 * hour), {
    people: [{ person: after, home: place, since: dates.in }],
    accounts: [next],
    supplies: [],
  });
  const welcome = callAbout('moving.in', 'Has moved in and asked for an account of their own.');
  tellExchange(teller, after, `${after.number}-moved-in`, instantOn(calendar, dates.in, 10 * hour), welcome, true);
  for (const account of [old, next]) tellMoney(teller, options, calendar, party, account);
  tellEveryday(teller, calendar, before, random, 1, Math.max(1, dayIndex(calendar, dates.out) - 15));
  tellEveryday(teller, calendar, after, random, dayIndex(calendar, dates.in) + 3);
  return { party, people: [before, after], accounts: [old, next], supplies: [supply], steps: teller.steps() };
};

/** A customer moves house and keeps the account: the agreement of one place ends, that of the other starts. */
export const houseMoveStory = (desk: Desk): PartyStory => {
  const { options, calendar, party, teller, random, openAt, since } = desk;
  const person = personOf(options, party.number);
  const dates = moveDates(desk);
  const [oldPlace, newPlace] = [houseOf(options.currency, party.number), houseOf(options.currency, party.number, 2)];
  const presence = presenceOf(calendar, random);
  const left = Uint8Array.from(presence);
  leaveEmpty(calendar, left, dates.in);
  const entered = Uint8Array.from(presence);
  leaveEmpty(calendar, entered, calendar.firstDate, dates.out);
  const oldHome = supplyOf(options, calendar, party, oldPlace, { kind: party.load, presence: left });
  const newHome = supplyOf(options, calendar, party, newPlace, { kind: party.load, presence: entered });
  const oldTerms = termsAt(oldHome, false, since, dates.in);
  const newTerms = termsAt(newHome, false, dates.out);
  const account = accountOf(options, calendar, party, {
    customer: party.number,
    place: 1,
    openedOn: since,
    holders: [person],
    terms: [...oldTerms, ...newTerms],
  });
  tellOpening(teller, options, calendar, openAt, {
    people: [{ person, home: oldPlace, since }],
    accounts: [account],
    supplies: [oldHome, newHome],
  });
  const notice = callAbout('moving.house', `Moves house and takes the account along; both homes from ${dates.out} on.`);
  const noticeAt = instantOn(calendar, addDays(dates.out, -10), 15 * hour);
  if (noticeAt > openAt) tellExchange(teller, person, `${person.number}-move-notice`, noticeAt, notice);
  const started = instantOn(calendar, dates.out, 8 * hour);
  const starting = newTerms.map((term) => agreementStarted(teller, started, account, term));
  teller.tell(started, starting, { waits: true });
  const ended = instantOn(calendar, dates.in, 8 * hour);
  const ending = oldTerms.map((term) => agreementEnded(teller, ended, account, term, dates.in));
  teller.tell(ended, ending, { waits: true });
  tellMoney(teller, options, calendar, party, account);
  tellEveryday(teller, calendar, person, random);
  return { party, people: [person], accounts: [account], supplies: [oldHome, newHome], steps: teller.steps() };
};
