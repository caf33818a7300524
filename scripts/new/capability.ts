import { camel, checkName, inWords, member } from './names.ts';
import { folderOf, type Ground, type Left, readmeOf, wiringOf } from './plan.ts';
import { Refusal } from './refusal.ts';
import { withImport, withSortedMember } from './syntax.ts';

const list = 'functions/capabilities.ts';
/** Folders of functions/ that hold no capability. */
const otherFolders: ReadonlySet<string> = new Set(['manifest', 'roots']);

const readme = (name: string): string => `# ${name}

What does the utility know of ${inWords(name)}? Say in a sentence or two which question of the trade it answers.

- **Facts in:** none.
- **Facts out:** none.
- **Routes:** none.
- **Runs:** nothing.
- **Surprises:** none.

## For others

Nothing.
`;

const wiring = `// Nothing runs yet: \`npm run new\` puts here what does.
export {};
`;

/** @throws Refusal where there is no such capability */
export const checkCapability = ({ known }: Ground, name: string): void => {
  if (!known.capabilities.has(name))
    throw new Refusal(`there is no capability ${name}: add it first, npm run new -- capability ${name}`);
};

/** A capability that does nothing yet: its folder and its place in the list. */
export const newCapability = ({ draft, known }: Ground, name: string): Left => {
  checkName('capability', name);
  if (known.capabilities.has(name) || otherFolders.has(name))
    throw new Refusal(`there is a folder ${folderOf(name)} already: take another name`);
  draft.create(readmeOf(name), readme(name));
  draft.create(wiringOf(name), wiring);
  const constant = camel(name);
  draft.change(list, (text) => {
    const imported = withImport(text, `import * as ${constant} from './${name}/capability.ts';`);
    return withSortedMember(imported, ['capabilities'], name === constant ? name : `${member(name)}: ${constant}`);
  });
  return [
    `${readmeOf(name)}: say in a sentence or two which question of the trade it answers, and for whom.`,
    `Add what it knows and does: npm run new -- fact ${name} <domain.entity.past-verb>, then route and function.`,
  ];
};
