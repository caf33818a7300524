import { type ContactPoint, contact, mayStand } from '#shared/profile/rules/contact-points.ts';
import { type CustomerName, identity, profileHoldsUntil, profileOn } from '#shared/profile/rules/identity.ts';
import { type Interaction, type InteractionState, interactions } from '#shared/profile/rules/interactions.ts';
import { type AccountCounts, accountCounts, firstRoleOf } from '#shared/profile/rules/roles-read.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { Channel, ContactKind, CustomerKind, Writer } from '#shared/vocabulary/statuses.ts';
import { ByteReader, ByteWriter, cutText, indexIn, packWithin } from './packed.ts';
import { packBudgets } from './view-budgets.ts';

/** Sections of a customer's view, by their place in the key. */
export const sectionPlaces = { identity: 0, contact: 1, interactions: 3, freshness: 4 } as const;

const outcomes = ['resolved', 'follow-up', 'transferred', 'abandoned', 'no-answer', 'delivered'] as const;

// ---- identity ----

export interface IdentityView {
  readonly kind: CustomerKind;
  readonly name: string | null;
  readonly erased: boolean;
  readonly language: string | null;
  readonly since: string | null;
  /** How many facts the customer's own partition holds. */
  readonly version: number;
  /** First day of the customer's first role on any account, which may be yet to come. */
  readonly firstRole: string | null;
  /** Accounts that were not over when it was written, by the records of the customer. */
  readonly accounts: AccountCounts;
  /** First local date on which time alone may have changed who they are: from then on the state is read. */
  readonly holdsUntil: string | null;
  /** First 8 bytes of SHA-256 of each other section, by its place. */
  readonly hashes: readonly { readonly place: number; readonly hash: Uint8Array }[];
}

/** A name as it is shown: "Ms Amara Okafor", "Harbour Bakery Ltd". */
export const shownName = ({ name }: { readonly name: CustomerName | null }): string | null => {
  if (name === null || isErased(name)) return null;
  if ('organisation' in name) return name.organisation;
  return [name.title, name.given, name.family].filter((part) => part !== undefined).join(' ');
};

/** Most months of which it is told how many accounts end in each, the latest; those before count with the first of them. */
const mostMonths = 6;

const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const monthOf = (count: number): string =>
  `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;

const writeCounts = (writer: ByteWriter, { open, ending }: AccountCounts): ByteWriter => {
  const kept = 1 - mostMonths;
  const months = ending.length <= mostMonths ? ending : [togetherOf(ending.slice(0, kept)), ...ending.slice(kept)];
  return writer.whole(open).list(months, ([month, count]) => {
    writer.whole(monthNumber(month)).whole(count);
  });
};

/** Months as one: until the last of them is over, all count. */
const togetherOf = (months: AccountCounts['ending']): AccountCounts['ending'][number] => [
  months.at(-1)?.[0] ?? '',
  months.reduce((sum, [, count]) => sum + count, 0),
];

const readCounts = (reader: ByteReader): AccountCounts => ({
  open: reader.whole(),
  ending: reader.list(() => [monthOf(reader.whole()), reader.whole()] as const),
});

/** @param today local date: pins end and ranks age with it */
export const packIdentity = (
  states: States,
  version: number,
  hashes: IdentityView['hashes'],
  today: string,
): Uint8Array => {
  const { state } = stateOf(states, identity);
  const profile = profileOn(state, today);
  const name = shownName(profile);
  const pack = (nameBytes: number) => () => {
    const writer = new ByteWriter()
      .whole(CustomerKind.options.indexOf(profile.kind))
      .whole(isErased(profile.name) ? 2 : name === null ? 0 : 1)
      .text(cutText(name ?? '', nameBytes))
      .text(profile.language ?? '')
      .optionalDate(profile.since)
      .whole(version)
      .optionalDate(firstRoleOf(states));
    return writeCounts(writer, accountCounts(states))
      .optionalDate(profileHoldsUntil(state, today))
      .list(hashes, () => {});
  };
  const withHashes = (nameBytes: number) => () => {
    const writer = pack(nameBytes)();
    for (const { place, hash } of hashes) writer.whole(place).raw(hash);
    return writer.bytes();
  };
  return packWithin(packBudgets.identity, [withHashes(400), withHashes(160)]);
};

export const readIdentity = (bytes: Uint8Array): IdentityView => {
  const reader = new ByteReader(bytes);
  const kind = CustomerKind.options[reader.whole()] ?? 'person';
  const named = reader.whole();
  const name = reader.text();
  const language = reader.text();
  const since = reader.optionalDate();
  const version = reader.whole();
  const firstRole = reader.optionalDate();
  const accounts = readCounts(reader);
  const holdsUntil = reader.optionalDate();
  const hashes = reader
    .list(() => ({ place: 0, hash: new Uint8Array() }))
    .map(() => ({ place: reader.whole(), hash: reader.raw(8) }));
  return {
    kind,
    name: named === 1 ? name : null,
    erased: named === 2,
    language: language === '' ? null : language,
    since,
    version,
    firstRole,
    accounts,
    holdsUntil,
    hashes,
  };
};

// ---- contact ----

export interface ContactView {
  readonly points: readonly {
    readonly id: string;
    readonly kind: ContactKind;
    /** Null where it has been erased. */
    readonly value: string | null;
    readonly verified: boolean;
    readonly preferred: boolean;
    readonly source: string;
  }[];
  /** Points that did not fit. */
  readonly more: number;
}

const pointRank = (point: ContactPoint): number =>
  (point.preferred ? 0 : point.verified ? 1 : 2) * 2 + (point.verdict === 'warned' ? 1 : 0);

/** What tells one phone number from another, however it is written: its last nine digits. */
const numberKey = (value: string): string => {
  const digits = value.replace(/\D/g, '');
  return digits.length < 7 ? value : digits.slice(-9);
};

/** What two points have in common where they are one: the same kind and the same value, however it is written. */
export const pointKey = (point: ContactPoint): string => {
  if (isErased(point.value)) return point.id;
  const plain = point.value.trim().toLowerCase().replace(/\s+/g, ' ');
  return `${point.kind} ${point.kind === 'phone' ? numberKey(plain) : plain}`;
};

/**
 * Points as they are shown: the union of what all sources say, the best first, each value once, none that the validators
 * rejected.
 */
export const shownPoints = (points: readonly ContactPoint[]): readonly ContactPoint[] => {
  const best = points.filter(mayStand).toSorted((a, b) => pointRank(a) - pointRank(b));
  const seen = new Set<string>();
  return best.filter((point) => {
    const key = pointKey(point);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

export const packContact = (states: States): Uint8Array => {
  const points = shownPoints(stateOf(states, contact).state.points);
  const pack = (shown: number) => () => {
    const writer = new ByteWriter().whole(points.length - shown);
    return writer
      .list(points.slice(0, shown), (point) => {
        const value = isErased(point.value) ? null : point.value;
        writer
          .id(point.id)
          .whole(
            ContactKind.options.indexOf(point.kind) * 8 +
              (point.verified ? 4 : 0) +
              (point.preferred ? 2 : 0) +
              (value === null ? 1 : 0),
          )
          .text(cutText(value ?? '', 120))
          .text(point.source);
      })
      .bytes();
  };
  const most = Math.min(points.length, 20);
  return packWithin(
    packBudgets.contact,
    Array.from({ length: most + 1 }, (_, dropped) => pack(most - dropped)),
  );
};

export const readContact = (bytes: Uint8Array): ContactView => {
  const reader = new ByteReader(bytes);
  const more = reader.whole();
  const points = reader.list(() => {
    const id = reader.id('contactPoint');
    const flags = reader.whole();
    const value = reader.text();
    return {
      id,
      kind: ContactKind.options[flags >> 3] ?? 'phone',
      value: flags & 1 ? null : value,
      verified: (flags & 4) !== 0,
      preferred: (flags & 2) !== 0,
      source: reader.text(),
    };
  });
  return { points, more };
};

// ---- interactions ----

export interface InteractionView {
  readonly recent: readonly {
    readonly id: string;
    readonly at: string;
    readonly channel: Channel;
    readonly direction: 'inbound' | 'outbound';
    readonly reason: string;
    readonly summary: string | null;
    readonly outcome: string | null;
    readonly writtenBy: Writer;
  }[];
  readonly more: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly handover: { readonly text: string; readonly at: string; readonly by: string } | null;
}

/** Channel, direction and who wrote it, as one number of one byte. */
const codeOf = ({ channel, direction, writtenBy }: Interaction): number =>
  (Channel.options.indexOf(channel) * Writer.options.length + Writer.options.indexOf(writtenBy)) * 2 +
  (direction === 'outbound' ? 1 : 0);

const writeInteraction = (writer: ByteWriter, one: Interaction, summaryBytes: number): void => {
  const outcome = indexIn(outcomes, one.outcome);
  writer
    .id(one.id)
    .instant(one.at)
    .whole(codeOf(one))
    .whole(outcome + 1)
    .text(one.reason)
    .text(typeof one.summary === 'string' ? cutText(one.summary, summaryBytes) : '');
};

const packInteractionWay = (state: InteractionState, shown: number, summaryBytes: number): Uint8Array => {
  const recent = state.recent.slice(-5).toReversed().slice(0, shown);
  const writer = new ByteWriter();
  const total = Object.values(state.counts).reduce((sum, count) => sum + count, 0);
  writer.whole(total - recent.length).list(recent, (one) => writeInteraction(writer, one, summaryBytes));
  const counts = Object.entries(state.counts);
  writer.list(counts, ([channel, count]) => {
    writer.whole(Math.max(0, indexIn(Channel.options, channel))).whole(count);
  });
  const handover = state.handover;
  if (handover === null || isErased(handover.text)) return writer.whole(0).bytes();
  return writer
    .whole(1)
    .text(cutText(handover.text, summaryBytes === 0 ? 60 : 160))
    .instant(handover.at)
    .text(cutText(handover.by, 40))
    .bytes();
};

export const packInteractions = (states: States): Uint8Array => {
  const { state } = stateOf(states, interactions);
  const ways = [
    [5, 120],
    [5, 60],
    [4, 60],
    [3, 60],
    [3, 0],
    [2, 0],
    [1, 0],
    [0, 0],
  ] as const;
  return packWithin(
    packBudgets.interactions,
    ways.map(
      ([shown, summaryBytes]) =>
        () =>
          packInteractionWay(state, shown, summaryBytes),
    ),
  );
};

export const readInteractions = (bytes: Uint8Array): InteractionView => {
  const reader = new ByteReader(bytes);
  const more = reader.whole();
  const recent = reader.list(() => {
    const id = reader.id('interaction');
    const at = reader.instant();
    const code = reader.whole();
    const [place, writer] = [Math.floor((code >> 1) / Writer.options.length), (code >> 1) % Writer.options.length];
    const outcome = outcomes[reader.whole() - 1] ?? null;
    const reason = reader.text();
    const summary = reader.text();
    return {
      id,
      at,
      channel: Channel.options[place] ?? ('system' as const),
      direction: code & 1 ? ('outbound' as const) : ('inbound' as const),
      reason,
      summary: summary === '' ? null : summary,
      outcome,
      writtenBy: Writer.options[writer] ?? ('system' as const),
    };
  });
  const counts = Object.fromEntries(
    reader.list(() => [Channel.options[reader.whole()] ?? 'system', reader.whole()] as const),
  );
  const handover = reader.whole() === 0 ? null : { text: reader.text(), at: reader.instant(), by: reader.text() };
  return { recent, more, counts, handover };
};

// ---- freshness ----

/** Latest fact of each source, newest first. */
export type FreshnessView = readonly { readonly source: string; readonly lastFactAt: string }[];

/** The latest occurredAt by source over several families; decisions about links between records are no news of the customer. */
export const latestBySource = (states: States): FreshnessView => {
  const latest = new Map<string, string>();
  for (const [family, held] of states) {
    if (family === 'links') continue;
    for (const [source, at] of [held, held.ofParts].flatMap((one) => Object.entries(one?.sources ?? {}))) {
      const known = latest.get(source);
      if (known === undefined || known < at) latest.set(source, at);
    }
  }
  return [...latest]
    .map(([source, lastFactAt]) => ({ source, lastFactAt }))
    .sort((a, b) =>
      a.lastFactAt === b.lastFactAt ? (a.source < b.source ? -1 : 1) : a.lastFactAt > b.lastFactAt ? -1 : 1,
    );
};

/** Writes sources behind their count. */
export const writeSources = (writer: ByteWriter, sources: FreshnessView): ByteWriter =>
  writer.list(sources, ({ source, lastFactAt }) => {
    writer.text(source).instant(lastFactAt);
  });
export const readSources = (reader: ByteReader): FreshnessView =>
  reader.list(() => ({ source: reader.text(), lastFactAt: reader.instant() }));

export const packFreshness = (states: States): Uint8Array => {
  const sources = latestBySource(states);
  const most = Math.min(sources.length, 12);
  return packWithin(
    packBudgets.freshness,
    Array.from(
      { length: most + 1 },
      (_, dropped) => () => writeSources(new ByteWriter(), sources.slice(0, most - dropped)).bytes(),
    ),
  );
};

export const readFreshness = (bytes: Uint8Array): FreshnessView => readSources(new ByteReader(bytes));
