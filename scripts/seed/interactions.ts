import type { Channel } from '#shared/vocabulary/statuses.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { instantOn, type StoryCalendar } from './calendar.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import type { System, Teller } from './tell.ts';

type Outcome = 'resolved' | 'follow-up' | 'transferred' | 'abandoned' | 'no-answer' | 'delivered';

/** One exchange with a customer. */
export interface Exchange {
  readonly channel: Channel;
  readonly direction: 'inbound' | 'outbound';
  readonly reason: string;
  readonly summary: string;
  readonly outcome: Outcome;
  readonly handover?: string;
}

const said = (
  channel: Channel,
  reason: string,
  summary: string,
  outcome: Outcome = 'resolved',
  more: Partial<Exchange> = {},
): Exchange => ({ channel, direction: 'inbound', reason, summary, outcome, ...more });

/** What customers are in touch about in an ordinary year. */
const everyday: readonly [Exchange, ...Exchange[]] = [
  said('phone', 'billing.high-bill', 'Asked why the bill is higher than before; went through the daily use together.'),
  said('phone', 'billing.payment', 'Asked when the next payment will be taken.'),
  said('web', 'account.bill-copy', 'Downloaded copies of the last bills.', 'delivered'),
  said('app', 'metering.usage', 'Looked at the use of the last week.', 'delivered'),
  said('email', 'tariff.question', 'Asked for the price of a kilowatt-hour at night.'),
  said('chat', 'account.details', 'Asked how to change the e-mail address for bills.'),
  said('phone', 'metering.reading', 'Thought the meter runs too fast; agreed to watch it for a week.', 'follow-up', {
    handover: 'Call back after a week of readings.',
  }),
  said('phone', 'billing.payment', 'Rang off before an agent was free.', 'abandoned'),
  said('letter', 'account.details', 'Sent a letter with the new bank details.'),
  said('sms', 'billing.bill-ready', 'Told that the new bill is ready.', 'delivered', { direction: 'outbound' }),
  said('email', 'service.planned-work', 'Told of work on the network in the next street.', 'delivered', {
    direction: 'outbound',
  }),
  said('web', 'tariff.comparison', 'Compared tariffs, changed nothing.', 'delivered'),
];

const recordedBy = (channel: Channel): System =>
  channel === 'web' || channel === 'app' || channel === 'chat' ? 'portal' : 'crm';

/** Tells of one exchange; calls last some minutes. */
export const tellExchange = (
  teller: Teller,
  person: Person,
  event: string,
  at: number,
  exchange: Exchange,
  waits = false,
): void => {
  const { channel } = exchange;
  const minutes = 2 + ((at >>> 6) % 11);
  const call = channel === 'phone' || channel === 'chat';
  const data = {
    customer: person.reference,
    ...exchange,
    ...(call ? { endedAt: instantOf(at + minutes * 60) } : {}),
  };
  teller.tell(at, [teller.fact(recordedBy(channel), 'contact.interaction.logged.v1', event, at, data)], { waits });
};

/** A moment of a working day, Unix seconds. */
export const officeHour = (calendar: StoryCalendar, date: string, random: Random): number =>
  instantOn(calendar, date, random.between(9, 17) * 3600 + random.below(3600));

/** The everyday exchanges of a customer between two days (indexes) of the story: about three a year. */
export const tellEveryday = (
  teller: Teller,
  calendar: StoryCalendar,
  person: Person,
  random: Random,
  from = 1,
  to = calendar.days.length,
): void => {
  let count = 0;
  for (let day = from + random.below(120); day < to; day += random.between(40, 190)) {
    const date = calendar.days[day]?.date;
    if (date === undefined) break;
    count += 1;
    tellExchange(
      teller,
      person,
      `${person.number}-contact-${count}`,
      officeHour(calendar, date, random),
      random.pick(everyday),
    );
  }
};

export const callAbout = (reason: string, summary: string, more: Partial<Exchange> = {}): Exchange =>
  said('phone', reason, summary, 'resolved', more);
export const reminder = (channel: Channel): Exchange =>
  said(channel, 'debt.reminder', 'Reminded of the bill that is overdue.', 'delivered', { direction: 'outbound' });
