import { checkCapability } from './capability.ts';
import type { Draft } from './draft.ts';
import {
  caseText,
  definitionText,
  factsText,
  heavyText,
  rowText,
  rulesText,
  spokenText,
  tellerText,
} from './fact-text.ts';
import { camel, type FactName, factNamed } from './names.ts';
import { familyOf, folderOf, type Ground, type Left, readmeOf, rulesOf, spokenOf } from './plan.ts';
import { withNamed } from './readme-line.ts';
import { Refusal } from './refusal.ts';
import {
  arraysOf,
  knowsName,
  withFactCase,
  withImport,
  withMember,
  withStatement,
  withStatementBefore,
} from './syntax.ts';

const definitions = 'functions/fact-types.ts';
const profile = 'functions/profile.ts';

/** What tests draw and hold of each family, and of each type. */
const histories = 'tests/profile/rules/fold.test.ts';
const heaviest = 'tests/support/heavy-facts.ts';
const promises = 'tests/security/promised-sources.ts';

const addContract = (draft: Draft, capability: string, fact: FactName): string => {
  const path = `${folderOf(capability)}/contract/${fact.entity}-facts.ts`;
  const list = `${camel(fact.entity)}Facts`;
  if (draft.has(path)) {
    draft.change(path, (text) => {
      if (!arraysOf(text).includes(list)) throw new Refusal(`has no list ${list}; add ${fact.constant} by hand`);
      const defined = withStatementBefore(text, list, definitionText(capability, fact));
      return withMember(defined, [list], fact.constant);
    });
    return path;
  }
  draft.create(path, factsText(capability, fact, list));
  draft.change(definitions, (text) => {
    if (knowsName(text, list)) throw new Refusal(`knows ${list} of another capability: take another entity`);
    const imported = withImport(text, `import { ${list} } from './${capability}/contract/${fact.entity}-facts.ts';`);
    return withMember(imported, ['factDefinitions'], `...${list}`);
  });
  return path;
};

const addFamily = (draft: Draft, capability: string, fact: FactName): void => {
  const [family, constant] = [familyOf(capability), camel(capability)];
  draft.create(rulesOf(capability), rulesText(capability, fact));
  draft.change(profile, (text) => {
    const imported = withImport(text, `import { ${constant} } from './${capability}/rules/${capability}.ts';`);
    return withMember(imported, ['families'], family === constant ? family : `${family}: ${constant}`);
  });
  draft.change(histories, (text) => withMember(text, ['tellers'], tellerText(capability, fact)));
  draft.change(heaviest, (text) => withMember(text, ['heavy'], heavyText(capability, fact)));
};

/** Where rows of what facts speak of stand: in the file of the capability's own, or with the family that folds them. */
const rowsOf = (draft: Draft, capability: string): string =>
  draft.has(spokenOf(capability)) ? spokenOf(capability) : rulesOf(capability);

/** What a type speaks of: a row in a list, which the first one makes. */
const addRow = (draft: Draft, capability: string, fact: FactName): void => {
  const path = rowsOf(draft, capability);
  const held = arraysOf(draft.read(path)).find((name) => name.endsWith('Spoken'));
  if (held !== undefined) {
    const words = "import { record, row } from '#shared/access/spoken.ts';";
    draft.change(path, (text) => withMember(withImport(text, words), [held], rowText(fact)));
    return;
  }
  if (path === spokenOf(capability)) throw new Refusal(`${path}: has no list of rows; export one first`);
  const list = `${camel(capability)}Spoken`;
  draft.change(path, (text) =>
    withStatement(
      withImport(text, "import { record, row, type SpokenRow } from '#shared/access/spoken.ts';"),
      spokenText(capability, fact, list),
    ),
  );
  draft.change(profile, (text) => {
    const imported = withImport(text, `import { ${list} } from './${capability}/rules/${capability}.ts';`);
    return withMember(imported, ['spokenRows'], `...${list}`);
  });
};

/** That no other source says it, nor its retracted twin, which comes with the first type of an entity. */
const promise = (draft: Draft, { type, domain, entity }: FactName): void => {
  const twin = `${domain}.${entity}.retracted.v1`;
  const isKnown = draft.read(promises).includes(`'${twin}'`);
  for (const one of isKnown ? [type] : [type, twin])
    draft.change(promises, (text) => withMember(text, ['promisedSources'], `'${one}': houseAlone`));
};

/** Whether there is a family of a name, or will be by what is planned. */
const folds = (draft: Draft, family: string): boolean =>
  new RegExp(`\\b${family}(:[^,}]*)?,[^}]*\\} as const satisfies`).test(draft.read(profile));

/** A fact type about customers, folded by the capability's own family; the first one makes that family. */
export const newFact = (ground: Ground, capability: string, asked: string): Left => {
  const { draft, known } = ground;
  checkCapability(ground, capability);
  const fact = factNamed(asked);
  if (known.factTypes.has(fact.type))
    throw new Refusal(`there is a fact type ${fact.type} already: take another verb, or change its contract`);
  const path = rulesOf(capability);
  if (folds(draft, familyOf(capability)) !== draft.has(path))
    throw new Refusal(
      `${capability} folds its facts in families of other names: add the type by hand (docs/contributing/fact.md)`,
    );
  const contract = addContract(draft, capability, fact);
  if (draft.has(path)) draft.change(path, (text) => withFactCase(text, caseText(fact)));
  else addFamily(draft, capability, fact);
  promise(draft, fact);
  addRow(draft, capability, fact);
  draft.change(readmeOf(capability), (text) => withNamed(text, 'Facts out', `\`${fact.type}\``));
  return [
    `${contract}: say what the fact holds (data, a mark for each field, an example) and who is told that it is there (whole).`,
    `${path}: fold what it holds; the state stays small whatever is told.`,
    `${rowsOf(draft, capability)}: its row says that a customer is told of it as of their own record; write nobody where they are not.`,
    `Only this system says it (ownOnly). Where another one does: take ownOnly away, add the type to what that source says in shared/contracts/facts/sources.ts, and to ${promises}.`,
    `${histories} and ${heaviest}: tell histories of it, and the fact that adds most to its state.`,
  ];
};
