import type { SectionPlace } from '#shared/profile/rules/view/stored-section.ts';
import { bodyOf, idPrefixes, kindOf, type SubjectKind } from '#shared/vocabulary/ids.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { Key } from './table.ts';

/** The only place that joins `#`. One function per item kind; see ACCESS-PATTERNS.md. */

const partitionPrefix = {
  customer: 'CUS',
  account: 'ACC',
  premise: 'PRM',
  outage: 'OUT',
  case: 'CAS',
} as const satisfies Record<SubjectKind, string>;
const subjectKindByIdPrefix: Record<string, SubjectKind> = {
  [idPrefixes.customer]: 'customer',
  [idPrefixes.account]: 'account',
  [idPrefixes.premise]: 'premise',
  [idPrefixes.outage]: 'outage',
  [idPrefixes.case]: 'case',
};

/** Kind of a subject from its id; throws where the id is no subject's (a programming error). */
export const subjectKindOf = (subject: string): SubjectKind => {
  const kind = subjectKindByIdPrefix[subject.slice(0, 3)];
  if (kind === undefined) throw new TypeError(`not a subject id: ${subject.slice(0, 8)}`);
  return kind;
};

/** Partition of a subject in the profile table: `CUS#cus_…`. */
export const subjectPartition = (subject: string): string => `${partitionPrefix[subjectKindOf(subject)]}#${subject}`;

/** Subject id from its partition, or undefined where the partition is another's. */
export const subjectOfPartition = (pk: string): string | undefined => {
  const subject = pk.slice(4);
  const kind = subjectKindByIdPrefix[subject.slice(0, 3)];
  return kind !== undefined && kindOf(subject) === kind && pk.startsWith(`${partitionPrefix[kind]}#`)
    ? subject
    : undefined;
};

/** Fold order of a fact as sortable text: occurredAt (24), source, sequence (16 digits), id. */
export interface OrderParts {
  readonly occurredAt: string;
  readonly source: string;
  readonly sourceSequence: number;
  readonly id: string;
}
export const orderOf = (parts: OrderParts): string =>
  `${parts.occurredAt}#${parts.source}#${String(parts.sourceSequence).padStart(16, '0')}#${parts.id}`;

/** What the orders of facts of one instant, source and sequence have in common: all but the id. */
export const groupOf = (order: string): string => order.slice(0, order.lastIndexOf('#'));
/** When a fact takes effect: it occurred then, or what it rests on did. */
export const instantOfOrder = (order: string): string => order.slice(0, order.indexOf('#'));
/** The order of a fact in the group of another one. */
export const orderInGroup = (group: string, id: string): string => `${group}#${id}`;

export const headKey = (subject: string): Key => ({ pk: subjectPartition(subject), sk: 'HEAD' });
export const factKey = (subject: string, family: string, order: string): Key => ({
  pk: subjectPartition(subject),
  sk: `FACT#${family}#${order}`,
});
export const factPrefix = (family: string): string => `FACT#${family}#`;
/** Order of a fact from its sort key. */
export const orderOfKey = (sk: string): string => sk.slice(sk.indexOf('#', 'FACT#'.length) + 1);
/**
 * Name of a part of a family, in the place of the family's own in keys of states and checkpoints. It sorts behind all families, so
 * that one Query reads HEAD and their states first.
 */
export const partName = (family: string, part: string): string => `~${family}#${part}`;
/** Bounds the parts of a family, or those of a group of them. */
export const partsPrefix = (family: string, group = ''): string => `STATE#${partName(family, group)}`;
/** Family and part of the sort key of a part's state. */
export const partOfKey = (sk: string): { readonly family: string; readonly part: string } | undefined => {
  const [, family = '', part] = sk.split('#');
  return sk.startsWith('STATE#~') && part !== undefined ? { family: family.slice(1), part } : undefined;
};
export const stateKey = (subject: string, family: string): Key => ({
  pk: subjectPartition(subject),
  sk: `STATE#${family}`,
});
/** Sorts behind the orders of all facts of a group, and before those of the next. */
const behind = '#~';
export const behindGroup = (group: string): string => `${group}${behind}`;
export const checkpointKey = (subject: string, family: string, group: string): Key => ({
  pk: subjectPartition(subject),
  sk: `CKPT#${family}#${behindGroup(group)}`,
});
export const checkpointPrefix = (family: string): string => `CKPT#${family}#`;
/** Bounds the checkpoints of all parts of a family. */
export const checkpointsOfParts = (family: string): string => `CKPT#${partName(family, '')}`;
/** Part of a checkpoint from its sort key. */
export const partOfCheckpoint = (family: string, sk: string): string =>
  sk.slice(checkpointsOfParts(family).length).split('#', 1)[0] ?? '';
/** Group of a checkpoint from its sort key; undefined where older rules wrote it behind a single fact. */
export const groupOfCheckpoint = (family: string, sk: string): string | undefined =>
  sk.endsWith(behind) ? sk.slice(checkpointPrefix(family).length, -behind.length) : undefined;
/** Bounds of the checkpoints of families, without those of parts, and of every digest of a role that has ended. */
export const checkpointKeyRange = { from: 'CKPT#', to: 'CKPT#~' } as const;
export const formerKeyRange = { from: 'WAS#', to: 'WAS#~' } as const;
/** Bounds of the read before a commit: HEAD sorts first, then the state of every family, then the parts of states. */
export const headAndStates = { from: 'HEAD', to: 'STATE#~~' } as const;
/** Whether a sort key lies behind the states of all families: then what is left are parts. */
export const isBehindStates = (sk: string): boolean => sk > 'STATE#~';
/** Bounds of the states of families, and of parts of states. */
export const stateKeyRange = { from: 'STATE#', to: 'STATE#~' } as const;
export const partKeyRange = { from: 'STATE#~', to: 'STATE#~~' } as const;
/**
 * Groups of parts by when they end, those that go on last: `TAKES#<date|~>#<group>`. Of an account the premises it takes service at,
 * of a customer's record the accounts it has a role on.
 */
export const takesPrefix = 'TAKES#';
const goesOn = '~';
export const takesKey = (subject: string, group: string, until: string | null): Key => ({
  pk: subjectPartition(subject),
  sk: `${takesPrefix}${until ?? goesOn}#${group}`,
});
/** Bounds of the groups that are not over on a day. */
export const takesFrom = (day: string) => ({ from: `${takesPrefix}${day}#~`, to: `${takesPrefix}~~` }) as const;
/** Group and end of the sort key of such an item. */
export const takenOf = (sk: string): { readonly group: string; readonly until: string | null } => {
  const [, until = '', group = ''] = sk.split('#');
  return { group, until: until === goesOn ? null : until };
};

/** Sections of the view sort before digests: `VIEW#0` to `VIEW#4`, then `VIEW#5#…`. */
export const viewPrefix = 'VIEW#';
/** All that a customer's view is made of: its sections, digests, and digests of roles that have ended, which sort behind. */
export const wholeViewRange = { from: viewPrefix, to: formerKeyRange.to } as const;
/** A customer's own sections, without the digests of others. */
export const sectionKeyRange = { from: viewPrefix, to: `${viewPrefix}4~` } as const;
export const sectionKey = (subject: string, section: SectionPlace): Key => ({
  pk: subjectPartition(subject),
  sk: `VIEW#${section}`,
});
/** Digest keys use the 26 characters of each id: the place tells the kind, and the 360 must stay within 4,096 bytes. */
export const accountDigestKey = (customer: string, account: string): Key => ({
  pk: subjectPartition(customer),
  sk: `VIEW#5#${bodyOf(account)}`,
});
export const premiseDigestKey = (customer: string, account: string, premise: string): Key => ({
  pk: subjectPartition(customer),
  sk: `VIEW#5#${bodyOf(account)}#${bodyOf(premise)}`,
});
export const usageKey = (
  customer: string,
  account: string,
  premise: string,
  servicePoint: string,
  register: string,
): Key => ({
  pk: subjectPartition(customer),
  sk: `VIEW#5#${bodyOf(account)}#${bodyOf(premise)}#${bodyOf(servicePoint)}#${register}`,
});
/** Bounds the digests of a customer's accounts and their premises. */
export const premiseDigestPrefix = `${viewPrefix}5#`;
/** Bounds the usage items of a premise, or of one service point there, in a reader's view. */
export const usagePrefix = (account: string, premise: string, servicePoint?: string): string =>
  `VIEW#5#${bodyOf(account)}#${bodyOf(premise)}#${servicePoint === undefined ? '' : `${bodyOf(servicePoint)}#`}`;
/** Digest of an account for somebody whose roles on it have ended. */
export const formerAccountKey = (customer: string, account: string): Key => ({
  pk: subjectPartition(customer),
  sk: `WAS#${bodyOf(account)}`,
});

export const factIdKey = (fact: string): Key => ({ pk: `FID#${fact}`, sk: 'HEAD' });
/** `kind` is the kind of thing named; one reference may name several kinds. */
export const referenceKey = (kind: string, reference: Reference): Key => ({
  pk: `REF#${kind}#${reference.namespace}#${reference.value}`,
  sk: 'HEAD',
});
/** Where a service point's id leads to its premise. */
export const servicePointKey = (servicePoint: string): Key => ({ pk: `SVP#${servicePoint}`, sk: 'HEAD' });
export const meterKey = (meter: string): Key => ({ pk: `MTR#${meter}`, sk: 'HEAD' });
/** When a meter is to be looked at next, should nothing come from it. */
export const watchedMeterKey = (meter: string): Key => ({ pk: `WCH#${meter}`, sk: 'HEAD' });
/** The round through the meters that are due: `SILENCE` / `ROUND`. */
export const silenceRoundKey: Key = { pk: 'SILENCE', sk: 'ROUND' };
/** Meter id from the partition of its item. */
export const meterOfPartition = (pk: string): string | undefined => (pk.startsWith('MTR#') ? pk.slice(4) : undefined);
export const idempotencyKey = (caller: string, key: string): Key => ({ pk: `IDEM#${caller}#${key}`, sk: 'HEAD' });

/** Whether a key is that of an idempotency record. */
export const isIdempotencyKey = (key: Key): boolean => key.pk.startsWith('IDEM#');

/** A fact or block that waits: by what it waits for (`reference`, `head`, `fact`, `meter`) and its own id. */
export const waitingPartition = (kind: string, namespace: string, value: string): string =>
  `WAI#${kind}#${namespace}#${value}`;
export const waitingKey = (kind: string, namespace: string, value: string, entry: string): Key => ({
  pk: waitingPartition(kind, namespace, value),
  sk: entry,
});
export const quarantineKey = (entry: string): Key => ({ pk: `QAR#${entry}`, sk: 'HEAD' });
/** A queue has so many partitions of the index; an entry stands in the one that the last character of its id tells. */
export const queueShards = 4;
export const queueShardOf = (entry: string): number => entry.charCodeAt(entry.length - 1) % queueShards;
export const queuePartition = (queue: string, shard: number): string => `QUE#${queue}#${shard}`;

/** Exact search: `SRC#<keyed hash of kind and value>` / id found. */
export const exactSearchPartition = (hash: string): string => `SRC#${hash}`;
export const exactSearchKey = (hash: string, found: string): Key => ({ pk: exactSearchPartition(hash), sk: found });
/** Whether a key is one of an exact entry as versions before 2026-12 wrote it, with the value in clear: a hash holds no `#`. */
export const isPlainSearchKey = ({ pk }: Key): boolean => pk.startsWith('SRC#') && pk.indexOf('#', 4) !== -1;
/** Form and word of an entry of words, and the kind of value it lies under. */
export const wordOfSearchKey = ({
  pk,
  sk,
}: Key): { readonly form: string; readonly word: string; readonly kind: string } | undefined => {
  const [, form, word] = /^SRN#([^#]+)#(.*)$/su.exec(pk) ?? [];
  return form === undefined || word === undefined ? undefined : { form, word, kind: sk.slice(0, sk.indexOf('#')) };
};
/** Words of names and addresses: `SRN#<word|pair>#<word, or two parted by a blank>` / `<name|address>#<id found>`. */
export const wordSearchPartition = (form: string, word: string): string => `SRN#${form}#${word}`;
export const wordSearchKey = (form: string, word: string, kind: string, found: string): Key => ({
  pk: wordSearchPartition(form, word),
  sk: `${kind}#${found}`,
});
/** The id that a search entry found, from its sort key. */
export const foundOf = (sk: string): string => sk.slice(sk.lastIndexOf('#') + 1);
/** Which words there are, for typos, sounds and beginnings: `SRV#<near|sound|start>#<shard>` / word. */
export const vocabularyPartition = (kind: string, shard: string): string => `SRV#${kind}#${shard}`;
export const vocabularyKey = (kind: string, shard: string, word: string): Key => ({
  pk: vocabularyPartition(kind, shard),
  sk: word,
});

/** Records that may be of one customer meet at a key: `BLK#<pass>#<value>` / customer. */
export const blockPartition = (pass: string, value: string): string => `BLK#${pass}#${value}`;
export const blockKey = (pass: string, value: string, customer: string): Key => ({
  pk: blockPartition(pass, value),
  sk: customer,
});
/** Outages of an area by their start: `ARE#<commodity>#<kind>#<area>` / `O#<start>#<outage>`, and `P#<hour>` of what was proposed. */
export const areaPartition = (commodity: string, kind: string, value: string): string =>
  `ARE#${commodity}#${kind}#${value}`;
export const areaMemberKey = (area: string, startedAt: string, outage: string): Key => ({
  pk: area,
  sk: `O#${startedAt}#${outage}`,
});
export const areaProposalKey = (area: string, hour: string): Key => ({ pk: area, sk: `P#${hour}` });
/** Bounds of an area's outages that began in [from, to], instants in stored form. */
export const areaMemberRange = (from: string, to: string) => ({ from: `O#${from}`, to: `O#${to}~` });
/** The areas that an outage was put down in, and the area's outage it was claimed for. */
export const outageAreasKey = (outage: string): Key => ({ pk: subjectPartition(outage), sk: 'AREA' });
/** Outages that are taken for parts of an area's outage, in its partition. */
export const areaPartPrefix = 'PART#';
export const areaPartKey = (areaOutage: string, outage: string): Key => ({
  pk: subjectPartition(areaOutage),
  sk: `${areaPartPrefix}${outage}`,
});

/** Where the import of a file stands. */
export const importKey = (id: string): Key => ({ pk: `IMP#${id}`, sk: 'HEAD' });
/** Which replay is under way, or was the last: `REPLAY` / `NOW`. */
export const replayNowKey: Key = { pk: 'REPLAY', sk: 'NOW' };
/** A replay: `RPL#<replay>` / `RUN`; beside it where each segment stands, and which subjects of one failed. */
export const replayPartition = (replay: string): string => `RPL#${replay}`;
export const replayKey = (replay: string): Key => ({ pk: replayPartition(replay), sk: 'RUN' });
const segmentText = (segment: number): string => String(segment).padStart(4, '0');
export const replaySegmentPrefix = 'S#';
export const replaySegmentKey = (replay: string, segment: number): Key => ({
  pk: replayPartition(replay),
  sk: `${replaySegmentPrefix}${segmentText(segment)}`,
});
/** Bounds the subjects of a replay that failed, or those of one of its segments. */
export const replayFailurePrefix = (segment?: number): string =>
  segment === undefined ? 'F#' : `F#${segmentText(segment)}#`;
export const replayFailureKey = (replay: string, segment: number, subject: string): Key => ({
  pk: replayPartition(replay),
  sk: `${replayFailurePrefix(segment)}${subject}`,
});
/** Which import tells a register now; beside it stand the imports that found there what others had stored. */
export const importedRegisterKey = (meter: string, register: string): Key => ({
  pk: `IMR#${meter}#${register}`,
  sk: 'STATE',
});
/** An import that found stored at a register what it has to say. */
export const dependentImportKey = (meter: string, register: string, importId: string): Key => ({
  pk: importedRegisterKey(meter, register).pk,
  sk: `DEP#${importId}`,
});
/** An import that told a register before the one that tells it now. */
export const formerImportKey = (meter: string, register: string, importId: string): Key => ({
  pk: importedRegisterKey(meter, register).pk,
  sk: `HAD#${importId}`,
});

/** What a customer was last looked for by, before everything else in their partition. */
export const lookedForKey = (customer: string): Key => ({ pk: subjectPartition(customer), sk: 'BLK' });
/** Two records that may be one customer; the queue names a band. */
export const duplicateKey = (duplicate: string): Key => ({ pk: `DUP#${duplicate}`, sk: 'HEAD' });
/** From a customer to those they may be, as long as the question is open. */
export const duplicateOfPrefix = 'DUP#';
export const duplicateOfKey = (customer: string, other: string): Key => ({
  pk: subjectPartition(customer),
  sk: `${duplicateOfPrefix}${other}`,
});
/** A change that a customer asked for and nobody has decided on, by the interaction that it is. */
export const changeRequestKey = (request: string): Key => ({ pk: `CRQ#${request}`, sk: 'HEAD' });
/** Weights of the matcher, learned from the customers that are stored. */
export const matchWeightsKey: Key = { pk: 'MATCH#weights', sk: 'HEAD' };

/** Readings table. `date` is the meter's local date as yyyymmdd; elapsed minutes since its local midnight, 4 digits. */
export const readingsPartition = (meter: string, register: string): string => `M#${meter}#${register}`;
/** Letter of each kind of block behind its start minute: as read, corrected, said later by the meter itself, estimated. */
const blockLetters = { actual: 'r', correction: 'c', supplement: 's', estimate: 'e' } as const;
export const readingsKey = (
  meter: string,
  register: string,
  block: {
    readonly date: string;
    readonly startMinute: number;
    readonly revision: number;
    readonly completeDay: boolean;
    readonly kind?: keyof typeof blockLetters;
  },
): Key => {
  const kind = block.kind ?? 'actual';
  const part = `#${String(block.startMinute).padStart(4, '0')}${blockLetters[kind]}${block.revision}`;
  const whole = block.completeDay && block.revision === 0 && kind === 'actual';
  return { pk: readingsPartition(meter, register), sk: `D#${block.date}${whole ? '' : part}` };
};
export const readingsDatePrefix = (date: string): string => `D#${date}`;

/** Meter and register of a partition of the readings table. */
export const readingsSeriesOf = (pk: string): { readonly meter: string; readonly register: string } | undefined => {
  const [letter, meter, register] = pk.split('#');
  return letter === 'M' && meter !== undefined && register !== undefined ? { meter, register } : undefined;
};
/** Date, kind and revision that a sort key of the readings table tells. */
export const readingsBlockOf = (
  sk: string,
): { readonly date: string; readonly kind: keyof typeof blockLetters; readonly revision: number } => {
  const letter = sk[15];
  const kind = letter === 'c' ? 'correction' : letter === 's' ? 'supplement' : letter === 'e' ? 'estimate' : 'actual';
  return { date: sk.slice(2, 10), kind, revision: Number(sk.slice(16)) };
};

/** What the dial of a register stood at, apart from its intervals: `C#<meter>#<register>` / instant and revision. */
export const registerReadsPartition = (meter: string, register: string): string => `C#${meter}#${register}`;
export const registerReadKey = (meter: string, register: string, at: number, revision: number): Key => ({
  pk: registerReadsPartition(meter, register),
  sk: `${String(at).padStart(10, '0')}#${String(revision).padStart(4, '0')}`,
});
/** Meter and register of a partition of register reads. */
export const registerReadsOf = (pk: string): { readonly meter: string; readonly register: string } | undefined => {
  const [letter, meter, register] = pk.split('#');
  return letter === 'C' && meter !== undefined && register !== undefined ? { meter, register } : undefined;
};

/**
 * What judging a register's readings came to, apart from its intervals: `V#<meter>#<register>`. Digests of the judged days, one
 * item a month (`G#<yyyymm>`), and what the rules found, by its start (`X#<instant>#<rule>`).
 */
export const judgedPartition = (meter: string, register: string): string => `V#${meter}#${register}`;
export const judgedMonthPrefix = 'G#';
export const judgedMonthKey = (meter: string, register: string, month: string): Key => ({
  pk: judgedPartition(meter, register),
  sk: `${judgedMonthPrefix}${month.replace('-', '')}`,
});
export const readingExceptionPrefix = 'X#';
/** Bounds those that begin in [from, to], Unix seconds. */
export const readingExceptionRange = (from: number, to: number) => ({
  from: `${readingExceptionPrefix}${String(Math.max(0, from)).padStart(10, '0')}`,
  to: `${readingExceptionPrefix}${String(to).padStart(10, '0')}~`,
});
export const readingExceptionKey = (meter: string, register: string, from: number, rule: string): Key => ({
  pk: judgedPartition(meter, register),
  sk: `${readingExceptionRange(from, from).from}#${rule}`,
});
/** Days of a register that are to be judged still, where more came at once than is judged at once. */
export const daysLeftKey = (meter: string, register: string): Key => ({
  pk: judgedPartition(meter, register),
  sk: 'L#left',
});
/** That the reads of a register were judged: its version counts how often something was written of them. */
export const judgedReadsKey = (meter: string, register: string): Key => ({
  pk: judgedPartition(meter, register),
  sk: 'R#reads',
});
/** Meter and register of a partition of what was judged. */
export const judgedOf = (pk: string): { readonly meter: string; readonly register: string } | undefined => {
  const [letter, meter, register] = pk.split('#');
  return letter === 'V' && meter !== undefined && register !== undefined ? { meter, register } : undefined;
};
/** What is to be done about a meter: `T#<meter>` / kind of the task. */
export const meterTaskPartition = (meter: string): string => `T#${meter}`;
export const meterTaskKey = (meter: string, kind: string): Key => ({ pk: meterTaskPartition(meter), sk: kind });
/** Meter and kind of a key of a task. */
export const meterTaskOf = ({ pk, sk }: Key): { readonly meter: string; readonly kind: string } | undefined => {
  const [letter, meter] = pk.split('#');
  return letter === 'T' && meter !== undefined ? { meter, kind: sk } : undefined;
};
/** The closed months of one register of a service point: `W#<servicePoint>#<register>` / `<yyyymm>`. */
export const closedMonthKey = (servicePoint: string, register: string, month: string): Key => ({
  pk: `W#${servicePoint}#${register}`,
  sk: month.replace('-', ''),
});
/** Service point, register and month of a key of a closed month. */
export const closedMonthOf = (
  key: Key,
): { readonly servicePoint: string; readonly register: string; readonly month: string } | undefined => {
  const [letter, servicePoint, register] = key.pk.split('#');
  return letter === 'W' && servicePoint !== undefined && register !== undefined
    ? { servicePoint, register, month: `${key.sk.slice(0, 4)}-${key.sk.slice(4)}` }
    : undefined;
};

/**
 * What happened at a premise that its readings do not say: `P#<premise>` / `<instant>#<id>`: outages by their start, and what
 * meters told.
 */
export const placeEventsPartition = (premise: string): string => `P#${premise}`;
/** Bounds those that began in [from, to], Unix seconds. */
export const placeEventsRange = (from: number, to: number) => ({
  from: String(Math.max(0, from)).padStart(10, '0'),
  to: `${String(to).padStart(10, '0')}~`,
});
export const placeEventKey = (premise: string, from: number, id: string): Key => ({
  pk: placeEventsPartition(premise),
  sk: `${placeEventsRange(from, from).from}#${id}`,
});
/** Beside it: the time of a meter at the premise of which something else is known now: `K#<meter>`. */
export const changedTimePrefix = 'K#';
export const changedTimeKey = (premise: string, meter: string): Key => ({
  pk: placeEventsPartition(premise),
  sk: `${changedTimePrefix}${meter}`,
});
/** Premise of a partition of what happened at one. */
export const placeOfEvents = (pk: string): string | undefined => (pk.startsWith('P#') ? pk.slice(2) : undefined);

/** What was told of a register of a service point: `I#<servicePoint>#<register>` / `T#<start>#<kind>`. */
export const toldInsightPartition = (servicePoint: string, register: string): string => `I#${servicePoint}#${register}`;
export const toldInsightPrefix = 'T#';
export const toldInsightKey = (servicePoint: string, register: string, from: number, kind: string): Key => ({
  pk: toldInsightPartition(servicePoint, register),
  sk: `${toldInsightPrefix}${String(Math.max(0, from)).padStart(10, '0')}#${kind}`,
});
/** What was unusual in the last four weeks of a register of a service point, as it was judged last: `E#<servicePoint>#<register>` / `LAST`. */
export const keptEpisodesKey = (servicePoint: string, register: string): Key => ({
  pk: `E#${servicePoint}#${register}`,
  sk: 'LAST',
});
/** Use of a day of homes that are alike: `H#<commodity>#<area>` / `<servicePoint>#<register>`. */
export const homesPartition = (commodity: string, area: string): string => `H#${commodity}#${area}`;
export const homeKey = (commodity: string, area: string, servicePoint: string, register: string): Key => ({
  pk: homesPartition(commodity, area),
  sk: `${servicePoint}#${register}`,
});
/** Service point and register of the sort key of such a home. */
export const homeOf = (sk: string): { readonly servicePoint: string; readonly register: string } => {
  const [servicePoint = '', register = ''] = sk.split('#');
  return { servicePoint, register };
};
/** Tariffs by the code that agreements name: `TARIFFS` / `T#<code>`. */
export const tariffsPartition = 'TARIFFS';
export const tariffKey = (code: string): Key => ({ pk: tariffsPartition, sk: `T#${code}` });
/** Code of the sort key of a tariff. */
export const codeOfTariff = (sk: string): string => sk.slice(2);
/** Payments whose reversal waits for a second person: `REVERSALS` / `<instant asked>#<request>`. */
export const waitingReversalsPartition = 'REVERSALS';
export const waitingReversalKey = (at: string, request: string): Key => ({
  pk: waitingReversalsPartition,
  sk: `${at}#${request}`,
});
/** Erasures that wait for a second person, or to be carried out: `ERASURES` / `<instant asked>#<request>`. */
export const waitingErasuresPartition = 'ERASURES';
export const waitingErasureKey = (at: string, request: string): Key => ({
  pk: waitingErasuresPartition,
  sk: `${at}#${request}`,
});
/** Temperatures of an area (`region NORTH-03`): `A#<area>` / `T#<yyyymm>`, the hours of a month in UTC. */
export const temperaturesPartition = (area: string): string => `A#${area}`;
export const temperaturesKey = (area: string, month: string): Key => ({
  pk: temperaturesPartition(area),
  sk: `T#${month.replace('-', '')}`,
});
/** Areas in which homes are that the weather matters to: `AREAS` / area. */
export const weatherAreasPartition = 'AREAS';
export const weatherAreaKey = (area: string): Key => ({ pk: weatherAreasPartition, sk: area });
/** Service point and register of a partition of what was told. */
export const toldInsightsOf = (
  pk: string,
): { readonly servicePoint: string; readonly register: string } | undefined => {
  const [letter, servicePoint, register] = pk.split('#');
  return letter === 'I' && servicePoint !== undefined && register !== undefined
    ? { servicePoint, register }
    : undefined;
};

/** Audit table. */
export const auditPartition = (subject: string): string => `AUD#${subject}`;
export const auditKey = (subject: string, at: string, entry: string): Key => ({
  pk: auditPartition(subject),
  sk: `${at}#${entry}`,
});
/** Attempts of an actor at a subject that were refused on a day (UTC), counted. */
export const refusalsKey = (subject: string, day: string, actor: string): Key => ({
  pk: `REFUSED#${subject}`,
  sk: `${day}#${actor}`,
});
/** Whether a key is of such a count: it grows, and is no part of what is sealed. */
export const isRefusalsKey = ({ pk }: Key): boolean => pk.startsWith('REFUSED#');
export const chainPartition = (chain: number): string => `CHAIN#${chain}`;
export const chainKey = (chain: number, sequence: number): Key => ({
  pk: chainPartition(chain),
  sk: String(sequence).padStart(12, '0'),
});
export const sealKey = (entry: string): Key => ({ pk: `SEAL#${entry}`, sk: 'HEAD' });

/** Keys table: data key of an owner (customer, account or premise id) or of a quarantine month. */
export const dataKeyKey = (owner: string): Key => ({ pk: `KEY#${owner}`, sk: 'HEAD' });
/** Whose key lies in a partition of the keys table. */
export const ownerOfDataKey = (pk: string): string => pk.slice('KEY#'.length);

const comings = ['CUS#', 'ACC#', 'PRM#', 'OUT#', 'CAS#', 'SVP#', 'MTR#'];

/** What facts may wait for that comes to be with this item: a reference, the head of a thing, a fact. */
export const awaitedOfKey = (
  key: Key,
): { readonly kind: string; readonly namespace: string; readonly value: string } | undefined => {
  if (key.sk !== 'HEAD') return undefined;
  if (key.pk.startsWith('FID#')) return { kind: 'fact', namespace: 'id', value: key.pk.slice(4) };
  if (comings.some((prefix) => key.pk.startsWith(prefix)))
    return { kind: 'head', namespace: 'id', value: key.pk.slice(4) };
  if (!key.pk.startsWith('REF#')) return undefined;
  const [, kind = '', namespace = ''] = key.pk.split('#', 3);
  return { kind, namespace, value: key.pk.slice(`REF#${kind}#${namespace}#`.length) };
};
