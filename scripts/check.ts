import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { citationComplaints } from '#scripts/check/citations.ts';
import { contentComplaints, isRead, sizeComplaints } from '#scripts/check/contents.ts';
import { counts } from '#scripts/check/counts.ts';
import { importComplaints, projectDependencies, projectOffers, projectSources } from '#scripts/check/imports.ts';
import { licenceComplaints, runtimePackages } from '#scripts/check/licences.ts';
import { linkComplaints } from '#scripts/check/links.ts';
import { lockfileComplaints } from '#scripts/check/lockfile.ts';
import { projectFiles, projectRoot, stagedFiles } from '#scripts/check/project-files.ts';
import { complaints, type Findings, runScript, runTool } from '#scripts/check/run-tool.ts';
import { secondListComplaints } from '#scripts/check/second-lists.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

type Complain = (path: string, body: string) => readonly string[];
type Check = readonly [string, () => Promise<Findings> | Findings];

/** Complaints about every file that is read for what it says. */
const eachText = (complain: Complain, paths: readonly string[] = projectFiles().map(({ path }) => path)): Findings =>
  complaints(paths.filter(isRead).flatMap((path) => complain(path, read(path))));

const linksOf: Complain = (path, body) => (path.endsWith('.md') ? linkComplaints(projectRoot, path, body) : []);
/** Tests name pages that are not there, to see what becomes of them. */
const citationsOf: Complain = (path, body) =>
  /^(?!tests\/).*\.ts$/.test(path) ? citationComplaints(projectRoot, path, body) : [];

/** Each check by name; all are run, so that one round shows everything. */
const allChecks: readonly Check[] = [
  [
    'lint and format',
    () => runTool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '--max-diagnostics=50']),
  ],
  ['types', () => runTool('typescript', 'tsc', ['--project', '.'])],
  ['unused code', () => runTool('knip', 'knip', ['--no-progress'])],
  ['import rules', () => complaints(importComplaints(projectSources(), projectDependencies(), projectOffers()))],
  [
    'one list of functions',
    async () => {
      const { projectWiring, wiringComplaints } = await import('#scripts/check/wiring.ts');
      const wired = projectWiring(projectFiles().map(({ path }) => path));
      return complaints([...secondListComplaints(projectSources()), ...wiringComplaints(wired)]);
    },
  ],
  [
    'service limits',
    async () => {
      const { serviceLimitComplaints } = await import('#scripts/check/service-limits.ts');
      return complaints(serviceLimitComplaints());
    },
  ],
  ['licences', async () => complaints(licenceComplaints(await runtimePackages(projectRoot)))],
  ['pins and lockfile', () => complaints(lockfileComplaints(read('package.json'), read('package-lock.json')))],
  ['file sizes', () => complaints(sizeComplaints(projectFiles()))],
  ['contents', () => eachText(contentComplaints)],
  ['links', () => eachText(linksOf)],
  ['citations', () => eachText(citationsOf)],
  ['generated docs', () => runScript('scripts/docs/main.ts', ['--check'])],
];

/** What takes seconds, of the files that are about to be committed: `--staged`, as `.githooks/pre-commit` asks. */
const checksOfStaged = (): readonly Check[] => {
  const paths = stagedFiles();
  return [
    [
      'lint and format',
      () =>
        runTool('@biomejs/biome', 'biome', ['check', '--staged', '--error-on-warnings', '--no-errors-on-unmatched']),
    ],
    ['contents', () => eachText(contentComplaints, paths)],
    ['links', () => eachText(linksOf, paths)],
    ['citations', () => eachText(citationsOf, paths)],
  ];
};

/** A check that breaks down has failed, and says why. */
const findings = async (run: () => Promise<Findings> | Findings): Promise<Findings> => {
  try {
    return await run();
  } catch (cause) {
    return complaints([cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)]);
  }
};

/** `--counts` prints how the tree stands, and checks nothing. */
if (process.argv.includes('--counts')) {
  for (const [what, figure] of counts(projectSources())) console.log(`${what.padEnd(46)} ${figure}`);
  process.exit(0);
}

const checks = process.argv.includes('--staged') ? checksOfStaged() : allChecks;
let failed = 0;
for (const [name, run] of checks) {
  const { ok, lines } = await findings(run);
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
  for (const line of lines) console.log(`         ${line}`);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
