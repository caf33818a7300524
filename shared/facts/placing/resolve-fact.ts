import type { FactDefinition, NamedSubject } from '#shared/contracts/facts/definition.ts';
import { creatorOf, type FoundGrounds } from '#shared/facts/grounds.ts';
import type { AwaitedThing } from '#shared/facts/quarantine.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { premiseOfServicePoint, resolveNamed } from '#shared/profile/store/references.ts';
import type { Table } from '#shared/table/table.ts';
import { type IdOrReference, Reference, type ReferenceKind } from '#shared/vocabulary/references.ts';

export interface ResolveDeps {
  readonly profile: Table;
}

/** Data as its schema gives it back. A contract's data is always an object. */
export type Data = Readonly<Record<string, unknown>>;
export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNamed = (value: unknown): value is IdOrReference =>
  typeof value === 'string' || Reference.safeParse(value).success;

const awaitedOf = (kind: ReferenceKind, named: IdOrReference): AwaitedThing =>
  typeof named === 'string'
    ? { kind: 'head', namespace: 'id', value: named }
    : { kind, namespace: named.namespace, value: named.value };

type Resolved = { readonly data: Data } | { readonly awaited: AwaitedThing };

/** Turns what the fact names into ids. */
export const resolveFields = async (deps: ResolveDeps, definition: FactDefinition, data: Data): Promise<Resolved> => {
  const resolved: Record<string, unknown> = { ...data };
  for (const [field, kind] of Object.entries(definition.resolves)) {
    const named = data[field];
    if (named === undefined || !isNamed(named)) continue;
    const id = await resolveNamed(deps.profile, kind, named);
    if (id === undefined) return { awaited: awaitedOf(kind, named) };
    resolved[field] = id;
  }
  return { data: resolved };
};

const fillers: Record<
  NonNullable<FactDefinition['fills']>[string],
  (deps: ResolveDeps, data: Data, grounds: FoundGrounds) => Promise<string | AwaitedThing | undefined>
> = {
  'serial-of-meter': async (deps, data) => {
    const meter = String(data.meter);
    const known = await readMeter(deps.profile, meter);
    return known?.serial ?? { kind: 'head', namespace: 'id', value: meter };
  },
  'survivor-of-merge': async (_deps, _data, { merge }) => merge?.subjects[0],
  'alias-of-merge': async (_deps, _data, { merge }) => merge?.subjects[1],
  'premise-of-outage': async (_deps, _data, grounds) => grounds.outage?.subjects[1],
};

/** Fills what the sender left out and the store knows. */
export const fillFields = async (
  deps: ResolveDeps,
  definition: FactDefinition,
  data: Data,
  grounds: FoundGrounds,
): Promise<Resolved> => {
  const filled: Record<string, unknown> = { ...data };
  for (const [field, filler] of Object.entries(definition.fills ?? {})) {
    if (filled[field] !== undefined) continue;
    const value = await fillers[filler](deps, data, grounds);
    if (typeof value === 'object') return { awaited: value };
    if (value !== undefined) filled[field] = value;
  }
  return { data: filled };
};

/** The premise where a service point was made that was taken back since. */
const premiseOnce = async ({ profile }: ResolveDeps, servicePoint: string): Promise<string | undefined> =>
  (await creatorOf(profile, 'servicePoint', servicePoint))?.subjects[0];

/**
 * Id of a subject as a fact names it: a service point stands for the premise where it was made, though it is there no more, since
 * what came before it was taken back stands there, too; `self` for what the fact creates.
 */
export const subjectId = async (
  deps: ResolveDeps,
  subject: NamedSubject,
  entity: string | undefined,
): Promise<string | AwaitedThing> => {
  if ('self' in subject) return entity ?? '';
  const id = String(subject.named);
  if (subject.kind !== 'servicePoint') return id;
  const premise = (await premiseOfServicePoint(deps.profile, id)) ?? (await premiseOnce(deps, id));
  return premise ?? { kind: 'head', namespace: 'id', value: id };
};
