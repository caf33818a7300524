import { apartOutages, isOpenAt, type Outage, outage } from '#functions/outages/rules/outages.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import {
  disputedInstallations,
  effectiveInstallations,
  type MeteringState,
  metering,
  nowhereElse,
  type ToldElsewhere,
  type ToldInstallations,
} from '#shared/profile/rules/installations.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { addressLine, premise, type ServicePoint } from '#shared/profile/rules/premise.ts';
import { serviceAt, toldInstallations } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { isShown, type RecordedInsight } from '#shared/profile/rules/told-insights.ts';
import {
  type Attention,
  attentionAt,
  attentionCode,
  attentionOfCode,
} from '#shared/profile/rules/view/meter-attention.ts';
import { ByteReader, ByteWriter, cutText, packWithin } from '#shared/profile/rules/view/packed.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import type { HeadlineFigures } from '#shared/vocabulary/headline-figures.ts';
import { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { Unit } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { Commodity, ConnectionState } from '#shared/vocabulary/statuses.ts';
import { addDays, daysBetween, localDateAt, secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import { type PointAhead, pointAhead } from './point-ahead.ts';
import { type ToldLeak, toldLeaks } from './told-leaks.ts';

/** What one customer's view holds of one premise, for one of their accounts. */
export interface PremiseDigest {
  /** Null where it has been erased. */
  readonly address: string | null;
  /** Whether sources dispute that the account takes service at a point of it, and nobody settled that. */
  readonly disputed: boolean;
  /** Whether they dispute where a meter of such a point is, while the account takes service there. */
  readonly meterDisputed: boolean;
  readonly servicePoints: readonly {
    readonly id: string;
    readonly commodity: Commodity;
    /** From before it was written on. */
    readonly ahead: PointAhead;
    readonly attention: Attention;
  }[];
  readonly agreements: readonly {
    readonly id: string;
    readonly servicePoint: string;
    readonly tariff: string;
    readonly from: string;
    readonly to: string | null;
  }[];
  readonly outages: readonly {
    readonly id: string;
    readonly commodity: Commodity;
    readonly startedAt: string;
    readonly expectedBy: string | null;
    readonly restoredAt: string | null;
  }[];
  /**
   * What meters told of leaks in the account's time at a point, then what readings told of it and nobody has acted on, each the
   * latest first.
   */
  readonly insights: readonly {
    readonly servicePoint: string;
    readonly kind: ToldInsightKind | ToldLeak['kind'];
    readonly since: string;
    /** Local date of `since` at the point. */
    readonly sinceOn: string;
    readonly expires: string;
    /** What its headline is made of (`headlineOf`, `leakHeadline`). */
    readonly headline: HeadlineFigures | undefined;
  }[];
  /** Service points, agreements, outages and insights that did not fit. */
  readonly more: number;
}

/** An instant before any at which a local date may begin. */
const before = (today: string): string => `${addDays(today, -1)}T00:00:00.000Z`;
const begun = '1970-01-01T00:00:00.000Z';
/** Most changes of a point that are told in advance, and most meters, the present one among them. */
const mostPlanned = 2;

/** A local date is told by how many days it is off this one. */
const utcDate = (at: string): string => localDateAt('UTC', secondsOf(at));

const writeMeter = (writer: ByteWriter, { id, serial }: PointAhead['meters'][number]): ByteWriter =>
  writer.id(id).text(cutText(serial ?? '', 24));

/** A point with what is planned, which most have not: two bits of its code say which of the two it has. */
const writePoint = (
  writer: ByteWriter,
  point: ServicePoint,
  told: ToldInstallations,
  attention: Attention,
  elsewhere: ToldElsewhere,
  today: string,
): void => {
  const since = before(today);
  const { connection, changes, ...known } = pointAhead(point, effectiveInstallations(told, elsewhere), since);
  // Of several that measure it until further notice, the last that came is the one that is told.
  const isBehind = (one: PointAhead['meters'][number], index: number): boolean =>
    one.to === null && known.meters.slice(index + 1).some(({ from, to }) => from <= since && to === null);
  const meters = known.meters.filter((one, index) => !isBehind(one, index));
  const [present] = meters;
  const isPlanned = changes.length > 0 || meters.some(({ from, to }) => from > since || to !== null);
  const kind = isPlanned ? 2 : present === undefined ? 0 : 1;
  const codes =
    Commodity.options.indexOf(point.commodity) * 16 + ConnectionState.options.indexOf(connection) * 4 + kind;
  writer.id(point.id).whole(codes);
  if (kind === 1 && present !== undefined) writeMeter(writer, present);
  if (isPlanned) {
    writer.list(changes.slice(0, mostPlanned), (change) => {
      writer.instant(change.at).whole(ConnectionState.options.indexOf(change.connection));
    });
    writer.list(meters.slice(0, mostPlanned), (one) => {
      writeMeter(writer, one)
        .optionalInstant(one.from > since ? one.from : null)
        .optionalInstant(one.to);
    });
  }
  writer.whole(attentionCode(attention));
};

const readMeter = (reader: ByteReader): Pick<PointAhead['meters'][number], 'id' | 'serial'> => ({
  id: reader.id('meter'),
  serial: reader.text() || null,
});

const readAhead = (reader: ByteReader, codes: number): PointAhead => {
  const connectionOf = (code: number): ConnectionState => ConnectionState.options[code] ?? 'connected';
  const connection = connectionOf((codes >> 2) & 3);
  if ((codes & 2) === 0)
    return { connection, changes: [], meters: codes & 1 ? [{ ...readMeter(reader), from: begun, to: null }] : [] };
  return {
    connection,
    changes: reader.list(() => ({ at: reader.instant(), connection: connectionOf(reader.whole()) })),
    meters: reader.list(() => ({
      ...readMeter(reader),
      from: reader.optionalInstant() ?? begun,
      to: reader.optionalInstant(),
    })),
  };
};

const writeHeadline = (writer: ByteWriter, headline: HeadlineFigures | undefined): void => {
  writer.whole(headline === undefined ? 0 : Unit.options.indexOf(headline.unit) + 1);
  if (headline === undefined) return;
  writer.signed(headline.powerOfTen).list(headline.figures, (figure) => writer.signed(figure));
};

const kindOfCode = (code: number): ToldInsightKind | ToldLeak['kind'] =>
  code === leakCode ? 'meter-leak' : (ToldInsightKind.options[code] ?? 'unusual-use');

const readHeadline = (reader: ByteReader): HeadlineFigures | undefined => {
  const unit = Unit.options[reader.whole() - 1];
  return unit && { unit, powerOfTen: reader.signed(), figures: reader.list(() => reader.signed()) };
};

/** Stands for a leak that a meter told of, apart from the kinds of insights. */
const leakCode = 127;

/** When the account took service at points, in Unix seconds. */
type Served = readonly (Range & Pick<ServicePoint, 'id' | 'commodity'>)[];

const servedBy = (points: readonly ServicePoint[], agreements: readonly Agreement[]): Served =>
  points.flatMap(({ id, commodity, zone }) =>
    agreements
      .filter(({ servicePoint }) => servicePoint === id)
      .map(({ from, to }) => ({
        id,
        commodity,
        from: startOfDate(zone, from),
        to: to === null ? Number.POSITIVE_INFINITY : startOfDate(zone, to),
      })),
  );

/** Local date of an instant at a point. */
type DayAt = (servicePoint: string, at: string) => string;

const dayAtPoints =
  (points: readonly ServicePoint[]): DayAt =>
  (servicePoint, at) =>
    localDateAt(points.find(({ id }) => id === servicePoint)?.zone ?? 'UTC', secondsOf(at));

/** What was told of a point while the account took service there: what others used is not for its readers. */
const toldTo = (
  { insights = [], events = [] }: MeteringState,
  served: Served,
  dayAt: DayAt,
  today: string,
): readonly (RecordedInsight | ToldLeak)[] =>
  [...toldLeaks(events, dayAt, today), ...insights.filter((one) => isShown(one, today)).toReversed()].filter((one) => {
    const at = secondsOf(one.since);
    return served.some(({ id, from, to }) => id === one.servicePoint && from <= at && at < to);
  });

/**
 * Outages of what the account takes, in the time in which it does: open ones, those that may be open while the day lasts or are to be
 * longer, then the one that was over last.
 */
const outagesOf = (known: readonly Outage[], served: Served, since: string): readonly Outage[] => {
  const own = known.filter(({ commodity, startedAt, restoredAt }) =>
    served.some(
      (one) =>
        one.commodity === commodity &&
        secondsOf(startedAt) < one.to &&
        (restoredAt === null || one.from < secondsOf(restoredAt)),
    ),
  );
  const [open, over] = [own.filter((one) => isOpenAt(one, since)), own.filter((one) => !isOpenAt(one, since))];
  const [ended, unended] = [
    open.filter((one) => one.restoredAt !== null),
    open.filter((one) => one.restoredAt === null),
  ];
  const latestEndFirst = ended.toSorted((a, b) => ((a.restoredAt ?? '') < (b.restoredAt ?? '') ? 1 : -1));
  return [...unended.toReversed(), ...latestEndFirst, ...over.slice(-1)];
};

/** Agreements of the account that are not over, then the one that ended last; newest first. */
const agreementsFor = (all: readonly Agreement[], account: string, today: string): readonly Agreement[] => {
  const own = all.filter((one) => one.account === account);
  const open = own.filter((one) => !isOver(one, today));
  return (open.length > 0 ? open : own.slice(-1)).toReversed();
};

/**
 * The digest of a premise for one account's reader; a pure function of the premise's states and of what is told of its meters elsewhere.
 * @param today the utility's local date: agreements that are over make room for those that hold
 */
export const packPremiseDigest = (
  states: States,
  account: string,
  today: string,
  elsewhere: ToldElsewhere = nowhereElse,
): Uint8Array => {
  const place = stateOf(states, premise).state;
  const service = serviceAt(states);
  const agreements = agreementsFor(service.agreements, account, today);
  const isDisputed = service.disputed.some(({ claims }) => claims.some((one) => one.account === account));
  // A neighbour at the same premise, their meter and their supply are no part of it.
  const points = place.servicePoints.filter(({ id }) => agreements.some((one) => one.servicePoint === id));
  const served = servedBy(points, agreements);
  const measured = stateOf(states, metering).state;
  const placed = toldInstallations(states);
  const isMeterDisputed = disputedInstallations(placed, elsewhere).some(({ from, to, claims }) =>
    served.some(
      (one) =>
        claims.some(({ servicePoint }) => servicePoint === one.id) &&
        secondsOf(from) < one.to &&
        (to === null || one.from < secondsOf(to)),
    ),
  );
  const outages = outagesOf(apartOutages(stateOf(states, outage).state.outages), served, before(today));
  const dayAt = dayAtPoints(points);
  const insights = toldTo(measured, served, dayAt, today);
  const way =
    (
      shownPoints: number,
      shownOutages: number,
      addressBytes: number,
      shownInsights: number,
      shownAgreements?: number,
    ) =>
    () => {
      const listed = points.slice(0, shownPoints);
      const signed = agreements
        .flatMap((one) => {
          const at = listed.findIndex((point) => point.id === one.servicePoint);
          return at < 0 ? [] : [{ one, at }];
        })
        .slice(0, shownAgreements);
      const interrupted = outages.slice(0, shownOutages);
      const writer = new ByteWriter();
      const address = place.address === null || isErased(place.address) ? '' : addressLine(place.address);
      writer
        .whole((isErased(place.address) ? 0 : 1) + (isDisputed ? 2 : 0) + (isMeterDisputed ? 4 : 0))
        .text(cutText(address, addressBytes));
      writer.list(listed, (point) =>
        writePoint(writer, point, placed, attentionAt(measured, point.id), elsewhere, today),
      );
      writer.list(signed, ({ one, at }) => {
        writer.id(one.id).whole(at).text(cutText(one.tariff, 16)).date(one.from).optionalDate(one.to);
      });
      writer.list(interrupted, (one) => {
        writer.id(one.id).whole(Commodity.options.indexOf(one.commodity)).instant(one.startedAt);
        writer.optionalInstant(one.expectedBy).optionalInstant(one.restoredAt);
      });
      const told = insights
        .flatMap((one) => {
          const at = listed.findIndex((point) => point.id === one.servicePoint);
          return at < 0 ? [] : [{ one, at }];
        })
        .slice(0, shownInsights);
      writer.list(told, ({ one, at }) => {
        const code = one.kind === 'meter-leak' ? leakCode : ToldInsightKind.options.indexOf(one.kind);
        writer.whole(at).whole(code).instant(one.since);
        writer.signed(daysBetween(utcDate(one.since), dayAt(one.servicePoint, one.since))).date(one.expires);
        writeHeadline(writer, one.headline);
      });
      const left =
        points.length -
        listed.length +
        (agreements.length - signed.length) +
        (outages.length - interrupted.length) +
        (insights.length - told.length);
      return writer.whole(left).bytes();
    };
  return packWithin(packBudgets.premise, [
    way(4, 3, 120, 2),
    way(3, 2, 120, 2),
    way(2, 2, 100, 2),
    way(2, 1, 80, 2),
    way(2, 1, 80, 1),
    way(2, 1, 50, 1),
    way(2, 1, 50, 0),
    way(1, 1, 120, 1),
    way(1, 1, 60, 1),
    way(1, 1, 60, 0),
    way(1, 0, 60, 0),
    way(1, 0, 60, 0, 1),
  ]);
};

export const readPremiseDigest = (bytes: Uint8Array): PremiseDigest => {
  const reader = new ByteReader(bytes);
  const flags = reader.whole();
  const address = reader.text();
  const servicePoints = reader.list(() => {
    const id = reader.id('servicePoint');
    const codes = reader.whole();
    return {
      id,
      commodity: Commodity.options[codes >> 4] ?? ('electricity' as const),
      ahead: readAhead(reader, codes),
      attention: attentionOfCode(reader.whole()),
    };
  });
  const agreements = reader.list(() => ({
    id: reader.id('agreement'),
    servicePoint: servicePoints[reader.whole()]?.id ?? '',
    tariff: reader.text(),
    from: reader.date(),
    to: reader.optionalDate(),
  }));
  const outages = reader.list(() => ({
    id: reader.id('outage'),
    commodity: Commodity.options[reader.whole()] ?? ('electricity' as const),
    startedAt: reader.instant(),
    expectedBy: reader.optionalInstant(),
    restoredAt: reader.optionalInstant(),
  }));
  const insights = reader.list(() => {
    const servicePoint = servicePoints[reader.whole()]?.id ?? '';
    const kind = kindOfCode(reader.whole());
    const since = reader.instant();
    const sinceOn = addDays(utcDate(since), reader.signed());
    return { servicePoint, kind, since, sinceOn, expires: reader.date(), headline: readHeadline(reader) };
  });
  return {
    address: (flags & 1) === 1 ? address : null,
    disputed: (flags & 2) === 2,
    meterDisputed: (flags & 4) === 4,
    servicePoints,
    agreements,
    outages,
    insights,
    more: reader.whole(),
  };
};
