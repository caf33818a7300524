import { factDefinitions } from '#functions/fact-types.ts';
import { defineFact, type FactDefinition } from './definition.ts';
import { Retraction } from './envelope.ts';

const defined: readonly FactDefinition[] = factDefinitions;

/** `<domain>.<entity>` of a fact type. */
export const entityOf = (type: string): string => type.split('.', 2).join('.');

/** Type of the fact that takes one of an entity's facts out of the fold. */
export const retractionType = (entity: string): `${string}.${string}.retracted.v1` =>
  `${entity}.retracted.v1` as `${string}.${string}.retracted.v1`;

const isRetractionType = /^[a-z-]+\.[a-z-]+\.retracted\.v1$/;
/** Whether a type is a retraction. */
export const isRetraction = (type: string): boolean => isRetractionType.test(type);

/** The twin of an entity. Its subjects and families are those of the fact it names, so it declares none itself. */
const twinOf = (entity: string, of: FactDefinition): FactDefinition => {
  const ownOnly = defined.every(({ type, ownOnly: own }) => entityOf(type) !== entity || own === true);
  return defineFact({
    type: retractionType(entity),
    title: `${entity} fact retracted`,
    description: `A fact about ${entity} was wrong: it no longer counts. What was known before stays known for that time.`,
    inFold: { kind: 'tells', turn: 'end' },
    category: of.category,
    severity: 'notable',
    data: Retraction,
    marks: { factId: 'plain', reason: 'freeText' },
    // It does not say which of its entity's facts it takes back: where some are not told to all, none of the twins is.
    ...(of.whole === undefined ? {} : { whole: typeof of.whole === 'string' ? of.whole : 'internal' }),
    subjects: () => [],
    resolves: {},
    ...(ownOnly ? { ownOnly } : {}),
    examples: [{ name: 'entered twice', data: { factId: 'fct_0123456789ABCDEFGHJKMNPQRS', reason: 'Entered twice.' } }],
  });
};

const twins = [...new Map(defined.map((definition) => [entityOf(definition.type), definition] as const))].map(
  ([entity, definition]) => twinOf(entity, definition),
);

/** Every fact type, by name: what may be sent, what is documented, what folds. */
export const factTypes: ReadonlyMap<string, FactDefinition> = new Map(
  [...defined, ...twins].map((definition) => [definition.type, definition]),
);
