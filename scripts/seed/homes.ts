import { accountOf, tellMoney } from './accounts.ts';
import { instantOn } from './calendar.ts';
import { tellCorrection } from './corrections.ts';
import { tellMeterElsewhere } from './disputes.ts';
import { callAbout, tellEveryday, tellExchange } from './interactions.ts';
import { tellOpening } from './opening.ts';
import { tellOutage, tellStoppedClock } from './outage.ts';
import { familyOf, firmOf, type Person, personOf } from './people.ts';
import { houseOf, lanternHouseOf, type Place } from './places.ts';
import { tellSecondRecord } from './second-records.ts';
import { type Desk, dateAt, type PartyStory, termsAt } from './setting.ts';
import { presenceOf, type Supply, startOfInterval, supplyOf } from './supply.ts';
import { meterInstalled, meterRemoved } from './tellings.ts';

const peopleOf = ({ options, party }: Desk): Person[] => {
  if (party.part === 'small-business') return [firmOf(options, party.number)];
  const first = personOf(options, party.number);
  return party.size === 1 ? [first] : [first, personOf(options, party.number + 1, familyOf(first))];
};

const placeOf = ({ options, party }: Desk): Place =>
  party.lanternDoor === undefined
    ? houseOf(options.currency, party.number)
    : lanternHouseOf(options.currency, party.number, party.lanternDoor);

/** Half past ten on a working morning, where the meter is exchanged. */
const exchangeOf = ({ calendar, party }: Desk): { exchangeAt?: number } => {
  if (!party.meterExchange) return {};
  const day = calendar.days.slice(Math.floor(calendar.days.length * 0.6)).find((candidate) => !candidate.weekend);
  return day === undefined ? {} : { exchangeAt: day.first + 21 };
};

const tellExchangeOfMeter = (desk: Desk, person: Person, supply: Supply): void => {
  const { calendar, teller } = desk;
  for (const point of supply.points) {
    const [old, next] = point.meters;
    if (old === undefined || next === undefined) continue;
    const at = startOfInterval(calendar, next.from) + 420;
    const booked = callAbout('metering.appointment', 'Agreed a morning for the exchange of the meter.');
    tellExchange(teller, person, `${person.number}-meter-appointment`, at - 6 * 86_400, booked);
    teller.tell(at, [meterRemoved(teller, at, calendar, point, old)], { waits: true });
    teller.tell(at + 300, [meterInstalled(teller, at + 300, calendar, point, next)], { waits: true, meters: [next] });
  }
};

/** A home, of one or of two who hold the account together, or a small business: one place, one account. */
export const homeStory = (desk: Desk): PartyStory => {
  const { options, calendar, party, teller, random, openAt, since } = desk;
  const people = peopleOf(desk);
  const place = placeOf(desk);
  const business = party.part === 'small-business';
  const dark = party.lanternDoor === undefined ? {} : { dark: desk.outage };
  const presence = presenceOf(calendar, random);
  if (business) presence.fill(2);
  const supply = supplyOf(options, calendar, party, place, {
    kind: party.load,
    presence,
    ...exchangeOf(desk),
    ...dark,
  });
  const account = accountOf(options, calendar, party, {
    customer: party.number,
    place: 1,
    openedOn: since,
    holders: people,
    terms: termsAt(supply, business, since),
  });
  tellOpening(teller, options, calendar, openAt, {
    people: people.map((person) => ({ person, home: place, since })),
    accounts: [account],
    supplies: [supply],
  });
  tellMoney(teller, options, calendar, party, account);
  for (const person of people) tellEveryday(teller, calendar, person, random);
  const [person] = people;
  if (person !== undefined) {
    tellExchangeOfMeter(desk, person, supply);
    if (party.lanternDoor !== undefined) {
      tellOutage(teller, desk.outage, place, person, party.lanternDoor);
      tellStoppedClock(teller, desk.outage, supply, party.lanternDoor);
    }
    if (party.meterDispute === true) tellMeterElsewhere(desk, supply);
    if (party.correction !== undefined) tellCorrection(teller, calendar, person, party.correction, random);
    if (party.secondRecord !== undefined) tellSecondRecord(desk, person, place, party.secondRecord);
    if (party.solar) {
      const at = instantOn(calendar, dateAt(calendar, 35), 11 * 3600 + 900);
      const asked = callAbout('tariff.feed-in', 'Asked how the power fed in is credited; found it on the last bill.');
      tellExchange(teller, person, `${person.number}-feed-in`, at, asked);
    }
  }
  return { party, people, accounts: [account], supplies: [supply], steps: teller.steps() };
};
