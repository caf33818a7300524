import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { instantOn, type StoryCalendar } from './calendar.ts';
import type { Party } from './cast.ts';
import { familyNames } from './names.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import type { Teller } from './tell.ts';
import { contactEvent } from './tellings.ts';

/** Id of a contact point by the event that made it known. */
const pointId = (teller: Teller, event: string): string =>
  mintedId('contactPoint', factIdOf('crm', teller.eventId(event)));

const newName = (person: Person, random: Random) => {
  const family = random.pick(familyNames);
  return 'family' in person.name ? { ...person.name, family } : person.name;
};

/** A customer's details change: a new name, a new e-mail address, a number that is given up. */
export const tellCorrection = (
  teller: Teller,
  calendar: StoryCalendar,
  person: Person,
  correction: NonNullable<Party['correction']>,
  random: Random,
): void => {
  const days = calendar.days.length;
  const date = calendar.days[Math.floor((days * random.between(30, 80)) / 100)]?.date ?? calendar.firstDate;
  const at = instantOn(calendar, date, random.between(9, 20) * 3600 + random.below(3600));
  const event = `${person.number}-${correction}`;
  const customer = person.reference;
  const waits = { waits: true };
  if (correction === 'new-name') {
    const data = { customer, name: newName(person, random) };
    teller.tell(at, [teller.fact('crm', 'customer.profile.corrected.v1', event, at, data)], waits);
  } else if (correction === 'new-email') {
    const point = pointId(teller, contactEvent(person, 'email'));
    const value = person.email.replace('@', '.new@');
    const data = { customer, point, value };
    teller.tell(at, [teller.fact('portal', 'customer.contact-point.changed.v1', event, at, data)], waits);
  } else {
    const point = pointId(teller, contactEvent(person, person.number % 2 === 0 ? 'landline' : 'mobile'));
    const data = { customer, point };
    teller.tell(at, [teller.fact('crm', 'customer.contact-point.removed.v1', event, at, data)], waits);
  }
};
