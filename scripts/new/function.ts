import { checkCapability } from './capability.ts';
import { type AskedFunction, readerText, scheduledText, scheduleText } from './function-text.ts';
import { camel, checkName } from './names.ts';
import {
  customerFunctions,
  familyOf,
  folderOf,
  type Ground,
  type Left,
  manifestOf,
  readmeOf,
  rulesOf,
  wiringOf,
} from './plan.ts';
import { withNamed } from './readme-line.ts';
import { Refusal } from './refusal.ts';
import { knowsName, withImport, withMember, withStatement } from './syntax.ts';

/** Two functions read the changes of a table at most; this one runs what follows profiles. */
const follower = 'profile-follow';

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
/** A timer of one machine waits for less than 25 days. */
const mostMinutes = 24 * 1440;

/** @throws Refusal where it is no rate, or one that no timer keeps */
const rateOf = (asked: string): string => {
  const [, count = '', unit = '', plural = ''] = /^rate\(([1-9]\d{0,4}) (minute|hour|day)(s?)\)$/.exec(asked) ?? [];
  const minutes = Number(count) * (minutesOf[unit] ?? 0);
  if (minutes === 0 || minutes > mostMinutes || (plural === '') !== (count === '1'))
    throw new Refusal(`--every "${asked}": write a rate of at most 24 days, e.g. "rate(1 day)" or "rate(15 minutes)"`);
  return asked;
};

const askedFunction = (ground: Ground, name: string): AskedFunction => {
  checkName('function', name);
  if (ground.known.functions.has(name)) throw new Refusal(`there is a function ${name} already: take another name`);
  const capability = [...ground.known.capabilities]
    .filter((one) => name.startsWith(`${one}-`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (capability === undefined)
    throw new Refusal(`function "${name}": begin with its capability and say what it does, e.g. complaints-remind`);
  checkCapability(ground, capability);
  return { name, capability, part: name.slice(capability.length + 1) };
};

/** The first of two names that no file has: `schedule.ts`, or with the part's own name. */
const fileFor = ({ draft }: Ground, { capability, part }: AskedFunction, kind: 'schedule' | 'stream'): string =>
  draft.has(`${folderOf(capability)}/${kind}.ts`) ? `${kind}-${part}.ts` : `${kind}.ts`;

/** Writes a part and wires it; answers its file. */
const addPart = (
  ground: Ground,
  asked: AskedFunction,
  part: { readonly kind: 'schedule' | 'stream'; readonly made: string; readonly text: string; readonly wired: string },
): string => {
  const { draft } = ground;
  const { capability } = asked;
  const wiring = wiringOf(capability);
  const constant = camel(asked.part);
  if (knowsName(draft.read(wiring), constant))
    throw new Refusal(`${wiring}: has a part ${constant} already: take another name`);
  const file = fileFor(ground, asked, part.kind);
  draft.create(`${folderOf(capability)}/${file}`, part.text);
  const define = part.kind === 'schedule' ? 'defineHandler' : 'defineReader';
  draft.change(wiring, (text) =>
    [`import { ${define} } from '#functions/capability.ts';`, `import { ${part.made} } from './${file}';`].reduce(
      withImport,
      withStatement(text, part.wired),
    ),
  );
  const what = part.kind === 'schedule' ? 'by a schedule' : 'follows the profile table';
  draft.change(readmeOf(capability), (text) => withNamed(text, 'Runs', `\`${file}\` ${what}`));
  return `${folderOf(capability)}/${file}`;
};

/** A function that a schedule calls, with the part it runs. */
export const newFunction = (ground: Ground, name: string, every: string): Left => {
  const { draft } = ground;
  const asked = askedFunction(ground, name);
  const rate = rateOf(every);
  const constant = camel(asked.part);
  const file = addPart(ground, asked, {
    kind: 'schedule',
    made: `${constant}Schedule`,
    text: scheduleText(asked, constant, rate),
    wired: `export const ${constant} = /* @__PURE__ */ defineHandler({
  needs: ['day'],
  handle: ${constant}Schedule,
});`,
  });
  const { path, list } = manifestOf(draft, asked.capability);
  draft.change(path, (text) => withMember(text, [list], scheduledText(asked, constant, rate)));
  return [
    `${file}: do there what it is for; what it needs (tables, facts) stands in needs of ${wiringOf(asked.capability)}.`,
    `${path}: say what ${name} does, give it memory and time, and the rights that go with what it needs.`,
    `${path}: its alarms, where it counts what somebody is to be told of or its runs must not stay out, each with a page in docs/runbooks.`,
  ];
};

/** A reader of the changes of profiles: it runs in the function that follows them. */
export const newReader = (ground: Ground, name: string): Left => {
  const asked = askedFunction(ground, name);
  const { capability } = asked;
  if (!ground.draft.has(rulesOf(capability)))
    throw new Refusal(`${capability} folds no facts to follow: npm run new -- fact ${capability} <type> first`);
  const constant = camel(asked.part);
  const file = addPart(ground, asked, {
    kind: 'stream',
    made: `${constant}Reader`,
    text: readerText(asked, constant, familyOf(capability)),
    wired: `export const ${constant} = /* @__PURE__ */ defineReader({
  name: '${name}',
  feed: 'profile',
  needs: [],
  take: ${constant}Reader,
});`,
  });
  const { path, list } = customerFunctions;
  ground.draft.change(path, (text) => withMember(text, [list, follower, 'runs'], `'${capability}.${constant}'`));
  return [
    `${file}: do there what follows; a change may come twice, and done twice it ends the same.`,
    `${path}: ${follower} runs it; add the rights that go with what it needs.`,
  ];
};
