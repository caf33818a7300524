import { checkCapability } from './capability.ts';
import { camel, inWords, member, pascal } from './names.ts';
import { folderOf, type Ground, type Left, manifestOf, readmeOf, rulesOf, wiringOf } from './plan.ts';
import { withNamed } from './readme-line.ts';
import { Refusal } from './refusal.ts';
import { type AskedRoute, answerText, edgeText, operationText, routeText } from './route-text.ts';
import { arraysOf, hasMember, knowsName, withImport, withMember, withOperation, withStatement } from './syntax.ts';

/** An answer of each operation, for the tests of the edge. */
const answers = 'tests/edge/api-answers.ts';

/** What a path below /v1 names by `{id}`, and who may read it. */
const subjects: Readonly<Record<string, Pick<AskedRoute, 'subject' | 'act'>>> = {
  customers: { subject: 'customer', act: 'customer.read' },
  accounts: { subject: 'account', act: 'account.read' },
  premises: { subject: 'premise', act: 'premise.read' },
  outages: { subject: 'outage', act: 'outage.read' },
};

/** The fact that a route tells: the one that is named, or the only one of the capability. */
const factOf = ({ draft, known }: Ground, capability: string, named: string | undefined): AskedRoute['fact'] => {
  const contract = `${folderOf(capability)}/contract`;
  const own = [...known.factTypes].flatMap((type) => {
    const [, entity = '', verb = ''] = type.split('.');
    const file = `${entity}-facts.ts`;
    const constant = camel(`${entity}-${verb}`);
    const isOwn = draft.has(`${contract}/${file}`) && knowsName(draft.read(`${contract}/${file}`), constant);
    return isOwn ? [{ constant, type, file }] : [];
  });
  const found = named === undefined ? own : own.filter(({ type }) => type === named || type === `${named}.v1`);
  const [first, second] = found;
  if (first === undefined)
    throw new Refusal(`POST tells a fact, and ${capability} has none: npm run new -- fact ${capability} <type> first`);
  if (second !== undefined)
    throw new Refusal(`POST tells one fact: say which, --fact ${found.map(({ type }) => type).join(' or --fact ')}`);
  return first;
};

const askedRoute = (
  ground: Ground,
  [capability, method, path, operationId]: readonly [string, string, string, string],
  fact: string | undefined,
): AskedRoute => {
  checkCapability(ground, capability);
  if (method !== 'GET' && method !== 'POST')
    throw new Refusal(`method ${method}: GET and POST are written here; add another beside them by hand`);
  const [, collection = ''] = /^\/v1\/([a-z-]+)\/\{id\}(\/[a-z][a-z-]*)*$/.exec(path) ?? [];
  const subject = subjects[collection];
  if (subject === undefined || (method === 'POST' && collection !== 'customers'))
    throw new Refusal(
      `path ${path}: write /v1/customers/{id}/<things>${method === 'GET' ? ', or the same below accounts, premises or outages' : ''}`,
    );
  if (!/^[a-z]+([A-Z][a-z]+)*$/.test(operationId))
    throw new Refusal(`operation "${operationId}": write a verb and its thing, e.g. listComplaints`);
  if (ground.known.operations.has(operationId))
    throw new Refusal(`there is an operation ${operationId} already: take another name`);
  if (ground.known.routes.has(`${method} ${path}`))
    throw new Refusal(`there is a route ${method} ${path} already: take another path`);
  const told = method === 'POST' ? factOf(ground, capability, fact) : undefined;
  return {
    capability,
    method,
    path,
    operationId,
    ...subject,
    ...(told === undefined ? {} : { fact: told, act: 'customer.change' }),
    folds: collection === 'customers' && ground.draft.has(rulesOf(capability)),
  };
};

const withImports = (text: string, imports: readonly string[]): string => imports.reduce(withImport, text);

/** The contract of the routes; answers the list they stand in. */
const addDefinition = ({ draft }: Ground, route: AskedRoute): string => {
  const path = `${folderOf(route.capability)}/contract/${route.capability}.ts`;
  const { imports, text } = routeText(route);
  const list = draft.has(path)
    ? arraysOf(draft.read(path)).find((name) => name.endsWith('Routes'))
    : `${camel(route.capability)}Routes`;
  if (list === undefined) throw new Refusal(`${path}: has no list of routes; export one first`);
  if (draft.has(path)) {
    draft.change(path, (held) => withMember(withImports(held, imports), [list], text));
    return list;
  }
  draft.create(path, `${imports.join('\n')}\n\nexport const ${list} = [\n${text},\n];\n`);
  draft.change('functions/routes.ts', (held) => {
    const imported = withImport(
      held,
      `import { ${list} } from './${route.capability}/contract/${route.capability}.ts';`,
    );
    return withMember(imported, ['declared'], `...${list}`);
  });
  return list;
};

/** The function that answers the routes of a capability which had none. */
const addFunction = ({ draft, known }: Ground, { capability, folds }: AskedRoute): void => {
  if (known.functions.has(capability))
    throw new Refusal(`there is a function ${capability} already: add ${capability}.api to its runs by hand`);
  const entry = `${member(capability)}: {
    description: 'API: ${inWords(capability)}',
    memoryMb: 1024,
    seconds: 15,
    runs: ['${capability}.api'],
    rights: ${folds ? 'writer' : 'reader'},
    on: { api: {} },
  }`;
  const { path, list } = manifestOf(draft, capability);
  const right = folds ? 'writer' : 'reader';
  draft.change(path, (text) =>
    withMember(withImport(text, `import { ${right} } from './definition.ts';`), [list], entry),
  );
};

const addOperation = (ground: Ground, route: AskedRoute, list: string): void => {
  const { draft } = ground;
  const { capability } = route;
  const [path, wiring] = [`${folderOf(capability)}/api.ts`, wiringOf(capability)];
  const { imports, text } = operationText(route);
  const isWired = knowsName(draft.read(wiring), 'api');
  if (isWired && route.fact !== undefined && !hasMember(draft.read(wiring), ['api', 'needs'], "'facts'"))
    throw new Refusal(`${wiring}: its api keeps no facts; add 'facts' to its needs, and the rights of a writer, first`);
  if (draft.has(path)) draft.change(path, (held) => withOperation(withImports(held, imports), text));
  else draft.create(path, edgeText(route, pascal(capability)));
  const imported = `import { ${list} } from './contract/${capability}.ts';`;
  if (isWired) {
    if (hasMember(draft.read(wiring), ['api', 'routes'], list)) return;
    draft.change(wiring, (held) => withMember(withImport(held, imported), ['api', 'routes'], list));
    return;
  }
  const operations = `${camel(capability)}Operations`;
  const defined = `export const api = /* @__PURE__ */ defineApi({
  needs: [${route.folds ? "'tables', 'facts'" : "'tables'"}],
  routes: [${list}],
  operations: ${operations},
});`;
  draft.change(wiring, (held) =>
    withImports(withStatement(held, defined), [
      "import { defineApi } from '#functions/capability.ts';",
      `import { ${operations} } from './api.ts';`,
      imported,
    ]),
  );
  addFunction(ground, route);
};

/** A route that answers from what is stored, or tells a fact of a customer; the first one makes the function that answers. */
export const newRoute = (
  ground: Ground,
  asked: readonly [capability: string, method: string, path: string, operationId: string],
  fact?: string,
): Left => {
  const { draft } = ground;
  const route = askedRoute(ground, asked, fact);
  const { capability, operationId } = route;
  const list = addDefinition(ground, route);
  addOperation(ground, route, list);
  draft.change(answers, (text) => withMember(text, ['answers'], answerText(route)));
  draft.change(readmeOf(capability), (text) => withNamed(text, 'Routes', `\`${route.method} ${route.path}\``));
  return [
    `${folderOf(capability)}/contract/${capability}.ts: say what ${operationId} is for (summary), what it answers, and a mark for each field.`,
    `${folderOf(capability)}/api.ts: answer so, and in ${answers} too.`,
    route.fact === undefined
      ? `Whoever may do ${route.act} may do this; write another act in its definition where that is too many.`
      : `Whoever may change the customer may do this, customers too; fromCustomers in its definition has what these may say.`,
  ];
};
