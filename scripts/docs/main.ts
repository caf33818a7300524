import { buildProgram } from '#cli/program.ts';
import { processTerminal } from '#cli/terminal.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { accessPages } from './access-page.ts';
import { commandPage } from './command-page.ts';
import { costPages } from './cost-page.ts';
import { factPages } from './fact-pages.ts';
import { functionRoots } from './function-roots.ts';
import { architecturePage } from './function-table.ts';
import { messagePages } from './message-pages.ts';
import { openApiPages } from './openapi-page.ts';
import { outgoingPages } from './outgoing-page.ts';
import { comparePages, type Pages, writePages } from './pages.ts';
import { problemPages } from './problem-pages.ts';
import { runbookPages } from './runbook-index.ts';
import { sourcePages } from './source-table.ts';
import { telemetryPages } from './telemetry-page.ts';

/** Every generated page of the project. */
const allPages = (): Pages =>
  new Map([
    ...factPages(factTypes),
    ...outgoingPages(),
    ...openApiPages(),
    ...accessPages(),
    ...problemPages(),
    ...telemetryPages(),
    ...messagePages(),
    ...costPages(),
    ...runbookPages(),
    ...sourcePages(),
    ...functionRoots(),
    ...architecturePage(projectRoot),
    ['docs/commands.md', commandPage(buildProgram(processTerminal))],
  ]);

/** `--check` compares and fails where a page is out of date; without it the pages are written. */
const check = process.argv.includes('--check');
const pages = allPages();
const changes = check ? comparePages(projectRoot, pages) : writePages(projectRoot, pages);
for (const change of changes) console.log(change);
console.log(
  `${pages.size} generated pages, ${changes.length} ${check ? 'not up to date (npm run docs writes them)' : 'written'}`,
);
process.exitCode = check && changes.length > 0 ? 1 : 0;
