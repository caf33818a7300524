import { Command } from 'commander';
import { projectRoot } from '#scripts/check/project-files.ts';
import { newCapability } from './capability.ts';
import { Draft } from './draft.ts';
import { newFact } from './fact.ts';
import { newFunction, newReader } from './function.ts';
import { knownNow } from './known.ts';
import type { Ground, Left } from './plan.ts';
import { Refusal } from './refusal.ts';
import { newRoute } from './route.ts';

/** Plans, writes, and says what was written and what is left; a refusal is one line, and then nothing was written. */
const run = (plan: (ground: Ground) => Left): void => {
  const draft = new Draft(projectRoot);
  try {
    const left = plan({ draft, known: knownNow() });
    for (const { path, isNew } of draft.write()) console.log(`${isNew ? 'new    ' : 'changed'} ${path}`);
    console.log('\nLeft to you:');
    const ends = ['npm run docs, which writes the generated pages, then npm run check and the tests that concern it.'];
    for (const [n, what] of [...left, ...ends].entries()) console.log(`${n + 1}. ${what}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
};

const program = new Command('npm run new --').description('Writes the plain case of something new, in all its places.');
program
  .command('capability <name>')
  .description('a capability that does nothing yet, e.g. complaints')
  .action((name: string) => run((ground) => newCapability(ground, name)));
program
  .command('fact <capability> <type>')
  .description('a fact type about customers, e.g. complaints contact.complaint.made')
  .action((capability: string, type: string) => run((ground) => newFact(ground, capability, type)));
program
  .command('route <capability> <method> <path> <operationId>')
  .description('a route, e.g. complaints GET /v1/customers/{id}/complaints listComplaints')
  .option('--fact <type>', 'of a POST: the fact it tells, where the capability has several')
  .action((capability: string, method: string, path: string, operationId: string, { fact }: { fact?: string }) =>
    run((ground) => newRoute(ground, [capability, method, path, operationId], fact)),
  );
program
  .command('function <name>')
  .description('a function that a schedule calls, e.g. complaints-remind')
  .option('--every <rate>', 'how often it runs', 'rate(1 day)')
  .option('--follow', 'in place of a schedule, a reader of the changes of profiles')
  .action((name: string, { every, follow }: { every: string; follow?: true }) =>
    run((ground) => (follow === true ? newReader(ground, name) : newFunction(ground, name, every))),
  );
program.showHelpAfterError().parse();
