import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { familyNamed } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { entityOf, factTypes, isRetraction, retractionType } from '#shared/contracts/facts/catalogue.ts';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { groundsOf, turns } from '#shared/contracts/facts/place-in-fold.ts';
import { orderedFact } from '#shared/facts/fold-order.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { foldWhole } from '#shared/profile/rules/fold-parts.ts';
import { factsCounted, knownGroundless, type States } from '#shared/profile/rules/states.ts';
import { emptyHead, orderOfFact, writePart, writeState } from '#shared/profile/store/items.ts';
import { renderView } from '#shared/profile/store/view-writes.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { erased, type FamilyName, type KeptFact } from '#shared/vocabulary/fact.ts';
import { sealedMarks } from '#shared/vocabulary/field-classes.ts';
import { type IdKind, kindOf } from '#shared/vocabulary/ids.ts';
import { idOf } from './told-facts.ts';

const types = [...factTypes.values()];
const examples = types.flatMap((definition) =>
  definition.examples.map((example) => ({ title: `${definition.type}, ${example.name}`, definition, example })),
);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** Dotted paths of the leaves of a JSON schema; `$ref` is looked up in its definitions. */
const leavesOf = (schema: Node, path: string, root: Node): readonly string[] => {
  const variants = [...nodes(schema.anyOf), ...nodes(schema.oneOf), ...nodes(schema.allOf)];
  if (variants.length > 0) return variants.flatMap((variant) => leavesOf(variant, path, root));
  if (isNode(schema.properties)) {
    return Object.entries(schema.properties).flatMap(([name, below]) =>
      isNode(below) ? leavesOf(below, path === '' ? name : `${path}.${name}`, root) : [],
    );
  }
  if (isNode(schema.items)) return leavesOf(schema.items, `${path}[]`, root);
  return [path];
};
const leaves = (definition: FactDefinition): readonly string[] => {
  const schema: unknown = z.toJSONSchema(definition.data, { io: 'input', reused: 'inline' });
  if (!isNode(schema)) throw new Error('no schema');
  return [...new Set(leavesOf(schema, '', schema))];
};
const covers = (mark: string, leaf: string): boolean =>
  leaf === mark || leaf.startsWith(`${mark}.`) || leaf.startsWith(`${mark}[`);

/** A fact of an example, with an id in place of every thing that it names. */
const factOf = (definition: FactDefinition, data: unknown): Fact => {
  const parsed = definition.data.parse(data);
  if (!isNode(parsed)) throw new Error('data is no object');
  const named = Object.entries(definition.resolves).filter(([field]) => parsed[field] !== undefined);
  // Two fields of one kind name two things.
  const idOfField = (field: string, kind: IdKind): string =>
    idOf(kind, named.find(([, other]) => other === kind)?.[0] === field ? 'named' : field);
  const resolved = {
    ...parsed,
    ...Object.fromEntries(named.map(([field, kind]) => [field, idOfField(field, kind)])),
  };
  const id = factIdOf('crm', definition.type);
  const entity = definition.creates === undefined ? undefined : mintedId(definition.creates, id);
  const subjects = definition.subjects(resolved).map((subject) => {
    if ('self' in subject) return { id: entity ?? '', family: subject.family };
    const kind = subject.kind === 'servicePoint' ? 'premise' : subject.kind;
    const given = typeof subject.named === 'string' && kindOf(subject.named) === kind ? subject.named : undefined;
    return { id: given ?? idOf(kind, 'named'), family: subject.family };
  });
  return asFact({
    id,
    type: definition.type,
    source: { system: 'crm', actor: 'machine:crm' },
    sourceEventId: 'example',
    sourceSequence: 0,
    occurredAt: '2026-03-01T09:30:00.000Z',
    recordedAt: '2026-03-01T09:30:01.000Z',
    data: resolved,
    subjects: subjects.map((one) => one.id),
    families: subjects.map((one) => one.family),
    ...(entity === undefined ? {} : { entity }),
  });
};
const withoutSealed = (definition: FactDefinition, fact: Fact): Fact => {
  const sealed = Object.entries(definition.marks).filter(([, mark]) => sealedMarks.has(mark));
  const fields = new Set(sealed.map(([path]) => path.split(/[.[]/, 1)[0] ?? path));
  const data = Object.entries(fact.data).map(([name, value]) => [name, fields.has(name) ? erased : value] as const);
  return asFact({ ...fact, data: Object.fromEntries(data) });
};
const foldOne = (name: FamilyName, fact: Fact) => {
  const family: Family<unknown> = familyNamed(name);
  const entry = orderedFact({ order: orderOfFact(fact), fact }, false);
  return foldWhole(family, [entry], () => ({ created: () => undefined }));
};

describe('every fact type', () => {
  it.each(examples)('takes its own example: $title', ({ definition, example }) => {
    expect(() => definition.data.parse(example.data)).not.toThrow();
  });

  it.each(types.map((definition) => [definition.type, definition] as const))(
    'says of each of its fields what it tells of a person, and of nothing else: %s',
    (_, definition) => {
      const found = leaves(definition);
      const marks = Object.keys(definition.marks);
      expect(found.filter((leaf) => !marks.some((mark) => covers(mark, leaf)))).toEqual([]);
      expect(marks.filter((mark) => !found.some((leaf) => covers(mark, leaf)))).toEqual([]);
    },
  );

  it.each(types.map((definition) => [definition.type, definition] as const))(
    'names only fields it has where it resolves and fills: %s',
    (_, definition) => {
      const fields = new Set(leaves(definition).map((leaf) => leaf.split(/[.[]/, 1)[0]));
      const named = [...Object.keys(definition.resolves), ...Object.keys(definition.fills ?? {})];
      expect(named.filter((field) => !fields.has(field))).toEqual([]);
    },
  );

  it.each(types.map((definition) => [definition.type, definition] as const))(
    'seals nothing of what other systems know it by, and no id: %s',
    (_, definition) => {
      const open = ['references', ...Object.keys(definition.resolves)];
      const sealed = Object.entries(definition.marks).flatMap(([field, mark]) =>
        sealedMarks.has(mark) ? [field] : [],
      );
      expect(open.filter((field) => sealed.includes(field))).toEqual([]);
    },
  );

  it('has a title, a description, and one retraction for its entity', () => {
    for (const { type, title, description } of types) {
      expect([title.length > 3, description.length > 10], type).toEqual([true, true]);
      expect(factTypes.has(isRetraction(type) ? type : retractionType(entityOf(type))), type).toBe(true);
    }
    const entities = new Set(types.map(({ type }) => entityOf(type)));
    expect(types.filter(({ type }) => isRetraction(type))).toHaveLength(entities.size);
  });

  it('refuses a field that it does not know', () => {
    for (const { definition, example } of examples) {
      const strange = { ...Object(example.data), somethingElse: 1 };
      expect(definition.data.safeParse(strange).success, definition.type).toBe(false);
    }
  });
});

const folding = examples.filter(({ definition }) => !isRetraction(definition.type));

describe('the fold', () => {
  it.each(folding)(
    'takes $title in each of its subjects, whole and erased, and can keep and show what it makes of it',
    (one) => {
      const whole = factOf(one.definition, one.example.data);
      expect(whole.subjects.length).toBeGreaterThan(0);
      for (const fact of [whole, withoutSealed(one.definition, whole)]) {
        for (const [place, subject] of fact.subjects.entries()) {
          const name = fact.families[place];
          if (name === undefined) throw new Error('a subject without a family');
          const held = foldOne(name, fact);
          expect(factsCounted(held)).toBe(1);
          expect({ ...held.sources, ...held.ofParts?.sources }).toEqual({ crm: fact.occurredAt });
          expect(() => writeState(subject, name, held)).not.toThrow();
          for (const [part, one] of held.parts ?? [])
            expect(writePart(subject, name, part, one, { since: 1 }).count).toBe(1);
          const states: States = new Map([[name, held]]);
          expect(() => renderView(subject, states, emptyHead, '2026-03-10')).not.toThrow();
        }
      }
    },
  );

  it.each(folding.filter(({ definition }) => definition.creates !== undefined))(
    'gives effect to what creates a thing, whole and erased: $title',
    ({ definition, example }) => {
      const fact = factOf(definition, example.data);
      for (const told of [fact, withoutSealed(definition, fact)]) {
        const [name] = told.families;
        const alone =
          name === undefined || definition.type === 'premise.service-point.registered.v1' ? undefined : name;
        if (alone !== undefined) expect(knownGroundless(foldOne(alone, told))).toEqual([]);
      }
    },
  );

  it.each(folding)('stands a fact whose data says nothing that can be read: $title', ({ definition, example }) => {
    const fact = factOf(definition, example.data);
    const nonsense = [{}, ...[null, 0, '', [], {}, 'x'].map((value) => mapped(fact.data, value))];
    for (const name of new Set(fact.families))
      for (const data of nonsense) expect(factsCounted(foldOne(name, asFact({ ...fact, data })))).toBe(1);
  });
});

const mapped = (data: Fact['data'], value: unknown): KeptFact['data'] =>
  Object.fromEntries(Object.keys(data).map((name) => [name, value]));

describe('the turns of types at one instant', () => {
  const types = [...factTypes.values()];
  const turnOf = (definition: FactDefinition): number => turns.indexOf(definition.inFold.turn);

  it('let what makes a thing come before every fact that names it', () => {
    for (const naming of types) {
      for (const [field, kind] of Object.entries(groundsOf(naming))) {
        const makers = types.filter(({ creates }) => creates === kind);
        if (kind !== 'fact') expect(makers.length, `${naming.type} ${field}`).toBeGreaterThan(0);
        for (const maker of makers) expect(turnOf(maker), `${maker.type}, ${naming.type}`).toBeLessThan(turnOf(naming));
        expect(Object.hasOwn(naming.marks, field), `${naming.type} ${field}`).toBe(true);
      }
    }
  });

  it('let starts come before ends of the same thing', () => {
    const pairs = [
      ['account.role.granted.v1', 'account.role.ended.v1'],
      ['account.agreement.started.v1', 'account.agreement.ended.v1'],
      ['metering.meter.installed.v1', 'metering.meter.removed.v1'],
      ['metering.task.opened.v1', 'metering.task.closed.v1'],
      ['metering.exception.raised.v1', 'metering.exception.resolved.v1'],
      ['metering.insight.found.v1', 'metering.insight.decided.v1'],
      ['metering.insight.decided.v1', 'metering.insight.ended.v1'],
      ['billing.reversal.requested.v1', 'billing.reversal.declined.v1'],
      ['billing.reversal.declined.v1', 'billing.payment.reversed.v1'],
      ['customer.erasure.requested.v1', 'customer.erasure.declined.v1'],
      ['customer.erasure.declined.v1', 'customer.erasure.approved.v1'],
    ] as const;
    for (const [first, then] of pairs) {
      const [a, b] = [factTypes.get(first), factTypes.get(then)];
      if (a === undefined || b === undefined) throw new Error(`no type ${first} or ${then}`);
      expect(turnOf(a), `${first}, ${then}`).toBeLessThan(turnOf(b));
    }
  });

  it('are declared as naming for every type whose data holds the id of a thing that another fact made', () => {
    const minted = new Set(['agreement', 'contactPoint', 'payment', 'bill', 'merge', 'outage', 'interaction']);
    for (const definition of types.filter(({ inFold }) => inFold.kind !== 'names')) {
      const named = Object.entries(definition.resolves).filter(
        ([field, kind]) => minted.has(kind) && !Object.hasOwn(groundsOf(definition), field),
      );
      expect([definition.type, named]).toEqual([definition.type, []]);
    }
  });
});
