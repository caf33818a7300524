import { randomOf } from '#scripts/seed/random.ts';
import type { PartyStory } from '#scripts/seed/setting.ts';

/** Names as a utility meets them: common and rare, with particles, hyphens and saints; given names that are shortened. */
type Words = readonly [string, ...string[]];
const listOf = (text: string): Words => {
  const [first = '', ...rest] = text.trim().split(/\s*[,\n]\s*/);
  return [first, ...rest];
};

const given = listOf(
  `William, Elizabeth, Margaret, Robert, Richard, Katherine, James, Thomas, Michael, Christopher, Anthony, Joseph, David, Susan,
  Patricia, Jennifer, Deborah, Rebecca, Samuel, Benjamin, Daniel, Matthew, Andrew, Edward, Charles, Alexander, Nicholas, Jonathan,
  Timothy, Gregory, Stephen, Victoria, Theresa, Dorothy, Winifred, Frederick, Raymond, Ronald, Kenneth, Gerald, Olivia, Amelia,
  Siobhan, Niamh, Padraig, Aisha, Fatima, Mohammed, Priya, Sanjay, Agnieszka, Tomasz, Piotr, Ioana, Chiamaka, Oluwaseun, Rhiannon,
  Angharad, Llewellyn, Jean-Luc, Marie-Claire, Kwame, Yusuf, Leila, Ingrid, Soren, Mireille, Bartholomew, Cordelia, Peregrine`,
);

const family = listOf(
  `Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Patel, Robinson, Wright, Thompson, Evans, Walker, White, Roberts,
  Green, Hall, Wood, Jackson, Clarke, Harrison, Scott, Cooper, Morris, Ward, Turner, Carter, Phillips, Mitchell, Shepherd, Begum,
  Khan, Hussain, Singh, Kaur, Chowdhury, Fitzgerald, Gallagher, Donoghue, McCarthy, MacDonald, Campbell, Stewart, Robertson, Sinclair,
  Kowalski, Nowak, Wisniewski, Papadopoulos, Featherstone, Cholmondeley, Abernathy, Blenkinsop, Pennington, Hathersage, Winterbourne,
  Ravenscroft, Thistlewood, St John, St Clair, Saint-Germain, van der Berg, de la Cruz, O'Brien, O'Sullivan, Ashton-Wells,
  Barrington-Ward, Okonkwo, Adeyemi, Nguyen, Tran, Yamamoto, Fernandez, Rodriguez, Goncalves, Schneider, Hoffmann, Muller, Petrov,
  Ivanova, Haraldsson, Lindqvist, Achterberg, Dubois, Lefevre, Marchetti, Giordano, Szymanski, Novotny, Horvath, Popescu, Demetriou,
  Yilmaz, Rahimi, Haddad, Mbeki, Whitworth, Huddleston, Kettering, Longbottom, Marsden, Netherton, Oakeshott, Quarmby, Ramsbottom,
  Sedgwick, Tattersall, Underhill, Vickers, Wadsworth, Yardley, Bracegirdle, Crabtree, Duckworth, Entwistle, Fothergill, Greenhalgh`,
);

const trades = listOf('Bakery, Joinery, Haulage, Dental Practice, Cycles, Books, Print Works, Catering, Electrical');
const forms = listOf('Ltd, Limited, Plc, LLP, Inc, GmbH, & Sons Ltd, and Company');

const places = new Map([
  ['Wrenholm', "St Bride's Bay"],
  ['Chandler Street', "St Botolph's Lane"],
  ['Gorse Hill', 'Saint Swithin Avenue'],
]);

const spokenPlace = (text: string): string =>
  [...places].reduce((said, [plain, saint]) => said.replace(plain, saint), text);

const pickBy = (list: Words, ...words: readonly (string | number)[]): string => randomOf(...words).pick(list);

/** Somebody's name as it is told here, by the name the story gives them. */
const spokenName = (seed: string, party: number, name: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  if (typeof name.organisation === 'string') {
    const draw = (what: string): readonly (string | number)[] => [seed, what, party, String(name.organisation)];
    const [who, trade, form] = [
      pickBy(family, ...draw('firm')),
      pickBy(trades, ...draw('trade')),
      pickBy(forms, ...draw('form')),
    ];
    return { organisation: `${who} ${trade} ${form}` };
  }
  return {
    ...name,
    ...(typeof name.given === 'string' ? { given: pickBy(given, seed, 'given', party, name.given) } : {}),
    ...(typeof name.family === 'string' ? { family: pickBy(family, seed, 'family', party, name.family) } : {}),
  };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const spokenData = (seed: string, party: number, data: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...data,
  ...(isRecord(data.name) ? { name: spokenName(seed, party, data.name) } : {}),
  ...(isRecord(data.address)
    ? {
        address: {
          ...data.address,
          ...(typeof data.address.town === 'string' ? { town: spokenPlace(data.address.town) } : {}),
          ...(Array.isArray(data.address.lines)
            ? {
                lines: data.address.lines.map((line: unknown) => (typeof line === 'string' ? spokenPlace(line) : line)),
              }
            : {}),
        },
      }
    : {}),
});

/** A party's story with other names in it; all else stays as it was told. */
export const withSpokenNames = (seed: string, told: PartyStory): PartyStory => ({
  ...told,
  steps: told.steps.map((step) => ({
    ...step,
    facts: step.facts.map((fact) => ({ ...fact, data: spokenData(seed, told.party.number, fact.data) })),
  })),
});
