import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { factTypes, isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { GroundKind } from '#shared/contracts/facts/place-in-fold.ts';
import { quarantined, rejected } from '#shared/facts/fact-outcome.ts';
import { type FoundGrounds, findGrounds, foreignGround, orderBehind } from '#shared/facts/grounds.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { verdictsOn } from '#shared/facts/values/judge-fact.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import { orderOfFact } from '#shared/profile/store/items.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { sealedMarks } from '#shared/vocabulary/field-classes.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import { isAboveAll } from '#shared/vocabulary/payment-policy.ts';
import { unplainErrors } from '#shared/vocabulary/plain-text.ts';
import type { ContactKind } from '#shared/vocabulary/statuses.ts';
import { localDateAt, secondsOf } from '#shared/vocabulary/time.ts';
import { accountAsKept, currencyFit } from './account-currency.ts';
import { isForeignReversal } from './foreign-payment.ts';
import { refusedOf } from './not-theirs-to-say.ts';
import { placeRetraction } from './place-retraction.ts';
import type { PlacedFact } from './placed-fact.ts';
import { contentHash, fieldErrors, type PlaceDeps, type Placement, type Sender, waiting } from './placement.ts';
import { type Data, fillFields, isData, resolveFields, subjectId } from './resolve-fact.ts';

/** A fact may be at most this far ahead of the clock, in milliseconds. */
export const futureTolerance = 5 * 60_000;

const hiddenFields = (definition: FactDefinition): readonly string[] => [
  ...new Set(
    Object.entries(definition.marks)
      .filter(([, mark]) => sealedMarks.has(mark))
      .map(([path]) => path.split(/[.[]/, 1)[0] ?? path),
  ),
];

/**
 * Finds the place of one fact: checks it against its contract, derives its id, resolves what it names.
 * Pure reading; the commit does the writing.
 * @param now milliseconds since 1970: time of receipt
 * @param among placed facts that will be kept in the same commit, all or none: it may name what they make
 */
export const placeFact = async (
  deps: PlaceDeps,
  raw: unknown,
  sender: Sender,
  now: number,
  among: readonly PlacedFact[] = [],
): Promise<Placement> => {
  const envelope = IncomingFact.safeParse(raw);
  if (!envelope.success)
    return rejected(
      'fact.invalid',
      'The fact does not have the shape of a fact.',
      'fact.invalid',
      fieldErrors(envelope.error.issues, ''),
    );
  const incoming = envelope.data;
  const definition = factTypes.get(incoming.type);
  if (definition === undefined) {
    return rejected('fact.unknown-type', `There is no fact type ${incoming.type}.`, 'fact.unknown-type', [
      { pointer: '/type', code: 'unknown', message: 'names no fact type' },
    ]);
  }
  const refused = refusedOf(incoming, definition, sender);
  if (refused !== undefined) return refused;
  const checked = definition.data.safeParse(incoming.data);
  if (!checked.success)
    return rejected(
      'fact.invalid',
      `The data is not that of ${incoming.type}.`,
      'fact.invalid',
      fieldErrors(checked.error.issues, '/data'),
    );
  const unplain = unplainErrors(incoming);
  if (unplain.length > 0)
    return rejected(
      'text.characters',
      'A text holds characters that nobody sees: see errors.',
      'fact.invalid',
      unplain,
    );
  if (!isData(checked.data)) return rejected('fact.invalid', 'The data of a fact is an object.', 'fact.invalid');
  return placeChecked(deps, incoming, definition, checked.data, sender, now, among);
};

/** What kind of point a change speaks of: as the point was added, by which its value is judged. */
const pointKindOf = async (
  { profile }: PlaceDeps,
  type: string,
  data: Data,
  { point }: FoundGrounds,
  among: readonly PlacedFact[],
): Promise<ContactKind | undefined> => {
  if (type !== 'customer.contact-point.changed.v1' || data.value === undefined || point === undefined) return undefined;
  const beside = among.find(({ fact }) => fact.id === point.fact);
  const added = beside ?? (await readStoredFact(profile, point.fact));
  return added?.fact.type === 'customer.contact-point.added.v1' ? added.fact.data.kind : undefined;
};

const groundInWords: Readonly<Record<GroundKind, string>> = {
  bill: 'bill',
  payment: 'payment',
  agreement: 'agreement',
  contactPoint: 'contact point',
  interaction: 'request',
  outage: 'outage',
  merge: 'merge',
  fact: 'request',
  customer: 'customer',
  servicePoint: 'service point',
};

/** Local date at an instant, where that is not the date in UTC. */
const localDay = (instant: string, zone: string): Pick<PlacedFact['fact'], 'day'> => {
  const day = localDateAt(zone, secondsOf(instant));
  return stored(instant).startsWith(day) ? {} : { day };
};

/** The zone of the account that a fact opens; undefined where that is the utility's. */
const zoneOfOpening = ({ creates }: FactDefinition, { zone }: Data): string | undefined =>
  creates === 'account' && typeof zone === 'string' ? zone : undefined;

const placeChecked = async (
  deps: PlaceDeps,
  incoming: IncomingFact,
  definition: FactDefinition,
  data: Data,
  sender: Sender,
  now: number,
  among: readonly PlacedFact[],
): Promise<Placement> => {
  const factId = factIdOf(incoming.source.system, incoming.sourceEventId);
  if (Date.parse(incoming.occurredAt) > now + futureTolerance) {
    return quarantined(factId, 'fact.future', 'The fact lies in the future; future validity belongs into its data.');
  }
  if (definition.bounded !== undefined && isAboveAll(deps.payments, data[definition.bounded])) {
    return quarantined(
      factId,
      'payment.too-large',
      'The amount is above what any payment may be: people look at it before it counts.',
    );
  }
  const entity = definition.creates === undefined ? undefined : mintedId(definition.creates, factId);
  const base = {
    id: factId,
    type: incoming.type,
    source: { system: incoming.source.system, channel: incoming.source.channel, actor: sender.actor },
    sourceEventId: incoming.sourceEventId,
    sourceSequence: incoming.sourceSequence,
    occurredAt: stored(incoming.occurredAt),
    recordedAt: stored(now),
    correlationId: incoming.correlationId,
    causationId: incoming.causationId,
    entity,
  };
  const atUtility = localDay(incoming.occurredAt, deps.zone);
  if (isRetraction(incoming.type)) return placeRetraction(deps, incoming, data, sender, { ...base, ...atUtility });
  const named = await resolveFields(deps, definition, data);
  if ('awaited' in named) return waiting(factId, named.awaited);
  const addressed = String(named.data.customer ?? named.data.account ?? '');
  const rests = await findGrounds(deps.profile, definition, named.data, addressed, among);
  if ('awaited' in rests) return waiting(factId, rests.awaited);
  const { grounds } = rests;
  const filled = await fillFields(deps, definition, named.data, grounds);
  if ('awaited' in filled) return waiting(factId, filled.awaited);
  if (isForeignReversal(definition, incoming.source.system, grounds)) {
    const message = 'Another system booked this payment: it is for that system to take back.';
    return rejected('fact.value-not-allowed', message, 'fact.value-not-allowed', [
      { pointer: '/data/payment', code: 'not-allowed', message: 'is not for this source to take back' },
    ]);
  }
  const subjects = definition.subjects(filled.data);
  const ids: string[] = [];
  for (const subject of subjects) {
    const id = await subjectId(deps, subject, entity);
    if (typeof id !== 'string') return waiting(factId, id);
    ids.push(id);
  }
  const foreign = await foreignGround(deps.profile, grounds, ids);
  if (foreign !== undefined) {
    return quarantined(
      factId,
      'reference.foreign',
      `The ${groundInWords[foreign.kind]} it names is not of this record.`,
    );
  }
  const families = subjects.map((subject) => subject.family);
  const isMoney = families[0] === 'billing';
  const account = isMoney ? await accountAsKept(deps.profile, ids[0] ?? '') : undefined;
  const fit = currencyFit(definition, filled.data, ids[0] ?? '', account);
  if (fit !== undefined && 'awaited' in fit) return waiting(factId, fit.awaited);
  if (fit !== undefined) return quarantined(factId, 'account.currency', fit.message);
  const ownerNamed = definition.owner?.(filled.data);
  const owner = ownerNamed === undefined ? ids[0] : await subjectId(deps, ownerNamed, entity);
  const pointKind = await pointKindOf(deps, incoming.type, filled.data, grounds, among);
  const judgedAt = { country: deps.country, day: dayOf({ ...base, ...atUtility }), pointKind };
  const verdicts = verdictsOn(incoming.type, filled.data, judgedAt);
  const zone = account?.zone ?? zoneOfOpening(definition, filled.data);
  const day = zone === undefined ? atUtility : localDay(incoming.occurredAt, zone);
  return {
    status: 'placed',
    factId,
    placed: {
      fact: asFact({
        ...base,
        ...day,
        data: filled.data,
        subjects: ids,
        families,
        ...(verdicts === undefined ? {} : { verdicts }),
      }),
      order: orderBehind(
        orderOfFact(base),
        factId,
        definition.inFold.kind === 'names' ? Object.values(grounds).map(({ order }) => order) : [],
      ),
      contentHash: contentHash(deps, incoming, data),
      owner: typeof owner === 'string' ? owner : (ids[0] ?? ''),
      hides: hiddenFields(definition),
    },
  };
};
