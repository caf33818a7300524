import type { Reference } from '#shared/vocabulary/references.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays, addMonths, daysBetween } from '#shared/vocabulary/time.ts';
import { dayIndex, type StoryCalendar } from './calendar.ts';
import { sumOf } from './load-shape.ts';
import type { StoryRegister } from './meters.ts';
import type { SupplyPoint } from './supply.ts';

/** A price list, in hundredths of a minor unit; prices hold all taxes. */
export interface Tariff {
  readonly code: string;
  readonly name: string;
  readonly commodity: Commodity;
  /** For each day. */
  readonly standing: number;
  /** For each thousand counts of the register: a kWh, or a cubic metre. */
  readonly unit: number;
  /** Credit for each kWh fed in. */
  readonly feedIn: number;
}

const tariffs = {
  STANDARD: {
    code: 'STANDARD',
    name: 'Standard electricity',
    commodity: 'electricity',
    standing: 5_372,
    unit: 2_486,
    feedIn: 1_500,
  },
  BUSINESS: {
    code: 'BUSINESS',
    name: 'Business electricity',
    commodity: 'electricity',
    standing: 9_810,
    unit: 2_214,
    feedIn: 1_500,
  },
  GAS: { code: 'GAS', name: 'Gas', commodity: 'gas', standing: 3_145, unit: 6_980, feedIn: 0 },
  WATER: { code: 'WATER', name: 'Water', commodity: 'water', standing: 1_240, unit: 21_500, feedIn: 0 },
} as const satisfies Record<string, Tariff>;

/** All price lists of the utility. */
export const priceLists: readonly Tariff[] = Object.values(tariffs);

export const tariffFor = (commodity: Commodity, business: boolean): Tariff => {
  if (commodity === 'gas') return tariffs.GAS;
  if (commodity === 'water') return tariffs.WATER;
  return business ? tariffs.BUSINESS : tariffs.STANDARD;
};

/** An agreement: an account takes service at a point from one local date to another (no end: it goes on). */
export interface Term {
  readonly point: SupplyPoint;
  readonly tariff: Tariff;
  readonly from: string;
  readonly to?: string;
}

/** One charge of a bill. */
export interface BillLine {
  readonly point: Reference;
  readonly kind: 'standing' | 'usage' | 'feed-in';
  readonly register?: string;
  readonly from: string;
  readonly to: string;
  /** Days, or counts of the register. */
  readonly quantity: number;
  readonly amountMinor: number;
}

/** A bill that is true to the readings. */
export interface Bill {
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly lines: readonly BillLine[];
  readonly amountMinor: number;
}

/** Charge for so many counts at a price for a thousand, in minor units, half up. */
export const charge = (counts: number, priceHundredths: number): number =>
  Math.floor((counts * priceHundredths + 50_000) / 100_000);

const registerLine = (
  calendar: StoryCalendar,
  term: Term,
  register: StoryRegister,
  from: string,
  to: string,
): BillLine => {
  const start = calendar.days[dayIndex(calendar, from)]?.first ?? calendar.intervals;
  const end = calendar.days[dayIndex(calendar, to)]?.first ?? calendar.intervals;
  const quantity = sumOf(register.load, start, end);
  const fedIn = register.register.flow === 'reverse';
  const amount = charge(quantity, fedIn ? term.tariff.feedIn : term.tariff.unit);
  return {
    point: term.point.reference,
    kind: fedIn ? 'feed-in' : 'usage',
    register: register.register.id,
    from,
    to,
    quantity,
    // Zero stays zero: there is no -0 of money.
    amountMinor: fedIn && amount > 0 ? -amount : amount,
  };
};

const linesOf = (calendar: StoryCalendar, term: Term, periodFrom: string, periodTo: string): BillLine[] => {
  const from = term.from > periodFrom ? term.from : periodFrom;
  const to = term.to !== undefined && term.to < periodTo ? term.to : periodTo;
  if (from >= to) return [];
  const days = daysBetween(from, to);
  const standing: BillLine = {
    point: term.point.reference,
    kind: 'standing',
    from,
    to,
    quantity: days,
    amountMinor: charge(days * 1000, term.tariff.standing),
  };
  return [standing, ...term.point.registers.map((register) => registerLine(calendar, term, register, from, to))];
};

/** Firsts of the months of the story. */
const monthStarts = (calendar: StoryCalendar): string[] => {
  const starts: string[] = [];
  for (let month = addMonths(calendar.firstDate.slice(0, 7), 1); `${month}-01` <= calendar.endDate; ) {
    starts.push(`${month}-01`);
    month = addMonths(month, 1);
  }
  return starts;
};

/** Days a first bill has at least; shorter beginnings are billed with the month that follows. */
const shortestBill = 5;
const daysToPay = 14;

/**
 * The bills of an account: one for each month, issued some days into the next and due 14 days later; the last as soon as five
 * days after the account's last day. Only bills issued before the story ends.
 */
export const billsOf = (calendar: StoryCalendar, account: string, terms: readonly Term[], issueDay: number): Bill[] => {
  const starts = terms.map((term) => term.from).toSorted();
  const first = starts[0] ?? calendar.endDate;
  const ends = terms.map((term) => term.to ?? '9999-12-31').toSorted();
  const last = ends.at(-1) ?? calendar.endDate;
  const bills: Bill[] = [];
  let from = [first, calendar.firstDate].toSorted().at(-1) ?? calendar.firstDate;
  const issue = (to: string, issuedOn: string): void => {
    if (issuedOn >= calendar.endDate) return;
    const lines = terms.flatMap((term) => linesOf(calendar, term, from, to));
    bills.push({
      number: `B-${account}-${String(bills.length + 1).padStart(3, '0')}`,
      from,
      to,
      issuedOn,
      dueOn: addDays(issuedOn, daysToPay),
      lines,
      amountMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0),
    });
    from = to;
  };
  for (const start of monthStarts(calendar)) {
    if (last <= start) break;
    if (daysBetween(from, start) >= shortestBill) issue(start, addDays(start, issueDay));
  }
  if (last < calendar.endDate && from < last) issue(last, addDays(last, 5));
  return bills;
};
