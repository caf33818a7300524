import fc from 'fast-check';
import { factIdOf } from '#shared/runtime/identify.ts';
import { act, pick, type Sent, sent, small } from '#tests/support/meters/shared-households.ts';

/** Three customers who share two accounts, and what is told of them while they are merged and parted. */

const tell = fc.record({ do: fc.constant('tell' as const), kind: small, when: small, a: small, b: small, c: small });
const retract = fc.record({ do: fc.constant('retract' as const), a: small });
const repeat = fc.record({ do: fc.constant('repeat' as const), a: small });
const settle = fc.record({ do: fc.constant('settle' as const) });
/** When the records are brought to where the fact says: before the next fact, at the same time as some, or after some. */
const ended = fc.constantFrom('at once' as const, 'meanwhile' as const, 'later' as const);
const merge = fc.record({ do: fc.constant('merge' as const), a: small, b: small, ended });
const undo = fc.record({ do: fc.constant('undo' as const), a: small, ended });
const step = fc.oneof(
  { weight: 10, arbitrary: tell },
  { weight: 1, arbitrary: retract },
  { weight: 1, arbitrary: repeat },
  { weight: 1, arbitrary: settle },
  { weight: 3, arbitrary: merge },
  { weight: 2, arbitrary: undo },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
export type Link = Extract<Step, { readonly do: 'merge' | 'undo' }> & { readonly event: string; readonly at: string };

/** One thing to do with a system. */
export type Deed = { readonly do: 'send'; readonly fact: Sent } | { readonly do: 'settle' } | Link;

const retractionOf = (event: Sent, name: string): Sent =>
  sent(
    name,
    `${event.type.split('.', 2).join('.')}.retracted.v1`,
    '2026-10-01T00:00:00.000Z',
    { factId: factIdOf(event.source.system, event.sourceEventId), reason: 'entered in error' },
    event.source.system,
  );

const eventOf = (one: Step, n: number): readonly Sent[] =>
  one.do === 'tell' ? [act(`e${n}`, one.kind, one.when, one.a, one.b, one.c)] : [];

/** What other facts name: where it was retracted before, they wait, and where it is after, they have no ground. */
const isNamed = ({ type }: Sent): boolean => /^(billing\.payment\.received|service\.outage\.reported)\./.test(type);

const repeated = (told: readonly Sent[], a: number): readonly Deed[] =>
  told.length === 0 ? [] : [{ do: 'send', fact: pick(told, a) }];

const retracted = (told: readonly Sent[], a: number, event: string): readonly Deed[] =>
  told.length === 0 ? [] : [{ do: 'send', fact: retractionOf(pick(told, a), event) }];

/** Retractions and repetitions of a fact may come before it. */
const deedsOf = (steps: readonly Step[]): readonly Deed[] => {
  const told = steps.flatMap(eventOf);
  const retractable = told.filter((fact) => !isNamed(fact));
  return steps.flatMap((one, n): readonly Deed[] => {
    if (one.do === 'settle') return [one];
    if (one.do === 'tell') return eventOf(one, n).map((fact) => ({ do: 'send', fact }));
    if (one.do === 'retract') return retracted(retractable, one.a, `x${n}`);
    if (one.do === 'repeat') return repeated(told, one.a);
    return [{ ...one, event: `link${n}`, at: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString() }];
  });
};

/** A history with facts late and early, repeated and retracted, and with a merge among them; of up to `most` steps. */
export const historyOf = (most: number): fc.Arbitrary<readonly Deed[]> => {
  const part = fc.array(step, { minLength: Math.floor(most / 4), maxLength: Math.floor(most / 2), size: 'max' });
  return fc.tuple(part, merge, part).map(([before, one, after]) => deedsOf([...before, one, ...after]));
};

const byTime = (a: Sent, b: Sent): number => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0);

/** The same facts in the order in which they occurred, each once, and what was decided about the records after them. */
export const inOrder = (deeds: readonly Deed[]): readonly Deed[] => {
  const facts = new Map(deeds.flatMap((deed) => (deed.do === 'send' ? [[deed.fact.sourceEventId, deed.fact]] : [])));
  return [
    ...[...facts.values()].sort(byTime).map((fact): Deed => ({ do: 'send', fact })),
    ...deeds.flatMap((deed): readonly Deed[] =>
      deed.do === 'merge' || deed.do === 'undo' ? [{ ...deed, ended: 'at once' }] : [],
    ),
  ];
};

/** Puts deeds somewhere among others, each where its number says. */
export const amid = (deeds: readonly Deed[], others: readonly Sent[], places: readonly number[]): readonly Deed[] => {
  const all = [...deeds];
  for (const [n, fact] of others.entries()) all.splice(pick(places, n) % (all.length + 1), 0, { do: 'send', fact });
  return all;
};
