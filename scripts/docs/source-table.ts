import { factTypes, isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { maySay, type Source, sources } from '#shared/contracts/facts/sources.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

/** Systems that may say facts of a type, by name; empty where this system alone says them. */
export const sourcesOf = (type: string): readonly string[] =>
  Object.entries(sources).flatMap(([name, source]) => (maySay(source, type) ? [name] : []));

const talking = Object.entries(sources).filter(([, { says }]) => says.length > 0);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Each fact type with the systems that may say it; what none may say is this system's own. */
export const sourceTable = (): string => {
  const names = talking.map(([name]) => name);
  const rows = [...factTypes.keys()].sort().map((type) => {
    const may = sourcesOf(type);
    const own = may.length === 0 ? 'alone' : 'yes';
    return row([`[${type}](events/${type}.md)`, ...names.map((name) => (may.includes(name) ? 'yes' : '')), own]);
  });
  return [row(['fact type', ...names, 'this system']), row(['fact type', ...names, ''].map(() => '---')), ...rows].join(
    '\n',
  );
};

const withinOf = ({ within = {} }: Source): readonly string[] =>
  Object.entries(within).map(([type, members]) => {
    const said = Object.entries(members).map(([member, values]) =>
      values === 'any' ? `\`${member}\`` : `\`${member}\` (${values.map((value) => `\`${value}\``).join(', ')})`,
    );
    return `of \`${type}\` only ${said.join(', ')}`;
  });

const doorOf = ({ scopes }: Source): string =>
  scopes === undefined ? 'inside' : scopes.map((scope) => `\`${scope}\``).join(', ');

const systems = (): string =>
  [
    '| system | | scopes of its client | sees proof | bounds |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(sources).map(([name, source]) =>
      row([
        `\`${name}\``,
        cell(source.title),
        doorOf(source),
        source.verifies ? 'yes' : '',
        cell(withinOf(source).join('; ')),
      ]),
    ),
  ].join('\n');

const twins = [...factTypes.keys()].filter(isRetraction).length;

/** The page of who may say what. */
export const sourcePages = (): Pages =>
  new Map([
    [
      'docs/sources.md',
      page(
        generatedNote('shared/contracts/facts/sources.ts'),
        '# Who may say what',
        `${factTypes.size} fact types, ${twins} of them the taking back of others. A system says what is true of its word by itself, and nothing else: the same at \`POST /v1/facts\`, on the inbound bus, and by files and meters. Anything else is refused with [fact.type-not-allowed](problems/fact.type-not-allowed.md) (on the bus it is kept in quarantine under that reason), counted as \`facts.refused\`, and leaves an entry in the audit that names the sender and the types, and no customer.`,
        'Merges, their undoing, pins, telling apart, and all that is judged of readings and outages are said by this system alone: by people at its routes, or by what it computes. A system that takes two records for one says [customer.duplicate.claimed.v1](events/customer.duplicate.claimed.v1.md); the pair is then among the duplicates, and a supervisor decides. A migration sends each record as the system it comes from, and claims so what it took for one; nothing is merged from outside.',
        'A system takes back what it said itself, of what it may say. A payment is taken back by the system that booked it, or by billing, which keeps the books; from others a reversal is refused. That a contact point, a name or a date of birth was proved (`verified`) is taken from systems that see proof; from others it is refused with [fact.value-not-allowed](problems/fact.value-not-allowed.md), which names the member.',
        '## Systems',
        systems(),
        '`inside`: it has no client and no role at the bus; what it says comes by the connection of the meter itself, or by the import of a file.',
        '## Fact types',
        sourceTable(),
      ),
    ],
  ]);
