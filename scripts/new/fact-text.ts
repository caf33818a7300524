import { camel, type FactName, inWords, pascal, sentence } from './names.ts';
import { familyOf } from './plan.ts';

/** Category of a domain's facts; of another domain they are contacts. */
const categories: Readonly<Record<string, string>> = {
  customer: 'identity',
  account: 'account',
  premise: 'supply',
  metering: 'metering',
  billing: 'billing',
  service: 'service',
};

const imports = `import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
`;

/** The contract of a fact about a customer that holds a note. */
export const definitionText = (capability: string, fact: FactName): string => {
  const [thing, did] = [inWords(fact.entity), inWords(fact.verb)];
  return `export const ${fact.constant} = defineFact({
  type: '${fact.type}',
  title: '${sentence(thing)} ${did}',
  description: 'Of a customer: ${thing} ${did}, with what was noted.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: '${categories[fact.domain] ?? 'contact'}',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    note: z.string().max(500).optional().describe('What there is to say of it.'),
  }),
  marks: { customer: 'plain', note: 'freeText' },
  subjects: (data) => [
    { kind: 'customer', named: data.customer, pointer: '/data/customer', family: '${familyOf(capability)}' },
  ],
  resolves: { customer: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: '${thing} ${did}',
      data: { customer: { namespace: 'crm', value: 'C-10023' }, note: 'Told at the desk.' },
    },
  ],
});`;
};

/** The file of an entity's facts, with its first. */
export const factsText = (capability: string, fact: FactName, list: string): string =>
  `${imports}\n${definitionText(capability, fact)}\n\nexport const ${list} = [${fact.constant}] as const;\n`;

/** A case of the family's fold for a type of fact. */
export const caseText = ({ type }: FactName): string => `case '${type}':
  return withTold(state, fact, fact.data.note);`;

/** The family of a capability: how many facts there are, and the last. */
export const rulesText = (capability: string, fact: FactName): string => {
  const type = pascal(capability);
  return `import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import type { Erased } from '#shared/vocabulary/fact.ts';

/** What one fact told. */
interface Told {
  /** Id of the fact. */
  readonly id: string;
  readonly at: string;
  readonly note: string | Erased | null;
}

/** What is known of ${inWords(capability)}: how often something was told, and what was told last. */
export interface ${type}State {
  readonly told: number;
  /** The last 8, the newest behind. */
  readonly latest: readonly Told[];
}

const keptLatest = 8;
const keptLetters = 200;

const withTold = (
  { told, latest }: ${type}State,
  { id, occurredAt }: Pick<Fact, 'id' | 'occurredAt'>,
  note: Told['note'] | undefined,
): ${type}State => ({
  told: told + 1,
  latest: [
    ...latest,
    { id, at: occurredAt, note: typeof note === 'string' ? note.slice(0, keptLetters) : (note ?? null) },
  ].slice(-keptLatest),
});

export const ${camel(capability)}: Family<${type}State> = {
  name: '${familyOf(capability)}',
  of: 'customer',
  rules: 1,
  empty: () => ({ told: 0, latest: [] }),
  apply(state, fact) {
    switch (fact.type) {
      ${caseText(fact)}
      default:
        return 'groundless';
    }
  },
};
`;
};

/** A row that tells a customer of a type of fact as of their own record. */
export const rowText = ({ type }: FactName): string => `row('${type}', record)`;

/** The list of what a capability's facts speak of, with its first row. */
export const spokenText = (capability: string, fact: FactName, list: string): string =>
  `/** What facts of ${inWords(capability)} speak of. */
export const ${list}: readonly SpokenRow[] = [${rowText(fact)}];`;

/** How a test tells a history of the family: some facts with a note. */
export const tellerText = (capability: string, { type }: FactName): string =>
  `${familyOf(capability)}: (n, a) => told('${type}', a % 3 === 0 ? {} : { note: day(n) }, { at: minute(n) })`;

/** What adds most to a state of the family. */
export const heavyText = (capability: string, { type }: FactName): string =>
  `${familyOf(capability)}: () => one('${type}', subjects.customer, '${familyOf(capability)}', {
    customer: subjects.customer,
    note: longText(500),
  })`;
