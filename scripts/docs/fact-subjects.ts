import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';

const words: Readonly<Record<string, string>> = { servicePoint: 'premise of the service point' };

/** The subjects of a fact type in words, the first primary, as its first example shows them. */
export const subjectsOf = (definition: FactDefinition): string => {
  if (isRetraction(definition.type)) return 'those of the fact it names';
  const [example] = definition.examples;
  const subjects = definition.subjects(definition.data.parse(example.data));
  return subjects
    .map((subject, index) => {
      const kind = words[subject.kind] ?? subject.kind;
      const named = 'self' in subject ? 'the one it creates' : `named by \`${subject.pointer.replace('/data/', '')}\``;
      return `${kind} (${index === 0 ? 'primary, ' : ''}${named}; family ${subject.family})`;
    })
    .join(', ');
};
