import { entityOf, isRetraction, retractionType } from '#shared/contracts/facts/catalogue.ts';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import { groundsOf } from '#shared/contracts/facts/place-in-fold.ts';
import { subjectsOf } from './fact-subjects.ts';
import { fieldRows, fieldTable } from './field-table.ts';
import { factSchema, inputSchema, versionOf } from './json-schema.ts';
import { cell, generatedNote, jsonBlock, page } from './markdown.ts';
import type { Pages } from './pages.ts';
import { sourcesOf } from './source-table.ts';

const source = 'functions/*/contract';

const standing = (definition: FactDefinition): string =>
  [
    '| | |',
    '| --- | --- |',
    `| type | \`${definition.type}\` |`,
    `| version | ${versionOf(definition.type)} |`,
    `| category | ${definition.category} |`,
    `| severity | ${definition.severity} |`,
    `| subjects | ${subjectsOf(definition)} |`,
    ...restsOn(definition),
    ...(definition.creates === undefined ? [] : [`| creates | ${definition.creates} |`]),
    ...(definition.bounded === undefined
      ? []
      : [`| bound | \`${definition.bounded}\` above what any payment may be: the fact is kept aside |`]),
    ...(definition.inAccountCurrency === undefined
      ? []
      : [`| currency | \`${definition.inAccountCurrency}\` in another than the account's: the fact is kept aside |`]),
    `| said by | ${sayers(definition)} |`,
    `| schema | [${definition.type}.json](../schemas/${definition.type}.json) |`,
    ...(isRetraction(definition.type) ? [] : [`| taken back by | [${twin(definition)}](${twin(definition)}.md) |`]),
  ].join('\n');

/** What a fact waits for and comes behind. */
const restsOn = (definition: FactDefinition): readonly string[] => {
  const fields = Object.entries(groundsOf(definition));
  if (fields.length === 0) return [];
  const named = fields.map(([field, kind]) => `\`${field}\` (${kind})`).join(', ');
  const how = definition.inFold.kind === 'names' ? 'it waits for that, and comes behind it' : 'it waits for that';
  return [`| rests on | ${named}: [${how}](README.md#at-one-instant) |`];
};

/** Who may say facts of a type. */
const sayers = ({ type }: FactDefinition): string => {
  const systems = sourcesOf(type).map((name) => `\`${name}\``);
  const who =
    systems.length === 0 ? 'this system alone: from others it is refused' : `${systems.join(', ')}, and this system`;
  return `${who} ([who may say what](../sources.md))`;
};

const twin = ({ type }: FactDefinition): string => retractionType(entityOf(type));

const takesBack = (definition: FactDefinition, all: readonly FactDefinition[]): string | undefined => {
  if (!isRetraction(definition.type)) return undefined;
  const entity = entityOf(definition.type);
  const taken = all.filter(({ type }) => entityOf(type) === entity && !isRetraction(type));
  return [
    'It takes back one fact of these types, by its id, and goes to the subjects of that fact:',
    '',
    ...taken.map(({ type, title }) => `- [${type}](${type}.md): ${title}`),
  ].join('\n');
};

/** Page of one fact type. */
export const factPage = (definition: FactDefinition, all: readonly FactDefinition[]): string =>
  page(
    generatedNote(source),
    `# ${definition.title}`,
    definition.description,
    standing(definition),
    takesBack(definition, all),
    '## Data',
    fieldTable(fieldRows(inputSchema(definition.data)), definition.marks),
    definition.examples.length === 1 ? '## Example' : '## Examples',
    ...definition.examples.flatMap(({ name, data }) => [`### ${name}`, jsonBlock(data)]),
  );

const indexPage = (all: readonly FactDefinition[]): string => {
  const domains = [...new Set(all.map(({ type }) => type.split('.', 1)[0] ?? ''))];
  return page(
    generatedNote(source),
    '# Fact types',
    'What a system may send to Rotunda, and the events Rotunda sends on. A fact comes in by `POST /v1/facts` or on the inbound bus. A deployed gateway counts the requests of each sender and asks for its client id in `x-api-key` beside the token. Once it is stored it goes out on the outbound bus with `source` `rotunda.<domain>` and its type as `detail-type`.',
    '[The envelope of an outgoing event](outgoing.md) is the same for all of them.',
    '## At one instant',
    'Facts take effect in the order of `occurredAt`, source and `sourceSequence`, whenever they arrive. Where all three are equal, the type decides: what makes a thing comes before what speaks of it, an end comes last. Two facts of one source that say the same of one thing at one instant are parted by `sourceSequence` alone: without it their ids decide, and the answer warns of it (`fact.without-sequence`).',
    'A fact that names by its id what another fact made (a payment, a contact point, an outage, a request) waits until that one is stored, and takes effect behind it even where its own `occurredAt` is earlier. If it names a thing of another record it is kept aside (`reference.foreign`). If what it names was taken back, it is kept and changes nothing: the answer says `effect: "none"` with the reason among its warnings, the timeline marks it for staff, and `rotunda ops groundless` lists it. The end of an agreement that is named waits and is kept aside in the same way, and keeps its own place: dates say what it ends, and when it was said decides which word of a source is the last.',
    ...domains.flatMap((domain) => [
      `## ${domain}`,
      [
        '| type | | severity |',
        '| --- | --- | --- |',
        ...all
          .filter(({ type }) => type.startsWith(`${domain}.`))
          .map(
            ({ type, title, description, severity }) =>
              `| [${type}](${type}.md) | ${cell(`${title}. ${description}`)} | ${severity} |`,
          ),
      ].join('\n'),
    ]),
  );
};

const schemaIndex = (all: readonly FactDefinition[]): string =>
  page(
    generatedNote(source),
    '# JSON Schemas',
    'One schema (draft 2020-12) for each fact type: the whole fact as a system sends it. Beside them, [outgoing.json](outgoing.json) for events that go out and [usage-block.v1.json](usage-block.v1.json) for what a meter sends.',
    all.map(({ type, title }) => `- [${type}.json](${type}.json): ${title} ([page](../events/${type}.md))`).join('\n'),
  );

/** Pages, schemas and indexes of all fact types. */
export const factPages = (types: ReadonlyMap<string, FactDefinition>): Pages => {
  const all = [...types.values()].sort((left, right) => (left.type < right.type ? -1 : 1));
  return new Map([
    ['docs/events/README.md', indexPage(all)],
    ['docs/schemas/README.md', schemaIndex(all)],
    ...all.map((one) => [`docs/events/${one.type}.md`, factPage(one, all)] as const),
    ...all.map(
      (one) => [`docs/schemas/${one.type}.json`, `${JSON.stringify(factSchema(one), undefined, 2)}\n`] as const,
    ),
  ]);
};
