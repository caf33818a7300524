import { grouped } from '#infra/limits/estate.ts';
import { type Finding, findingLine } from '#infra/limits/limit.ts';
import { limitFindings, limits } from '#infra/limits/limits.ts';
import { readEstate } from '#infra/limits/read-estate.ts';

/**
 * `npm run limits -- <folder>` holds the templates in a folder, with a folder for each stage as `npm run synth` makes it, to the
 * limits of AWS: every finding, how many there are of each limit, and exit code 1 where there is one.
 */
const [folder = 'cdk.out/synth'] = process.argv.slice(2);
const findings: readonly Finding[] = limitFindings(readEstate(folder));
for (const finding of findings) console.log(findingLine(finding));
for (const [what, found] of grouped(findings, (one) => one.what))
  console.log(`${String(found.length).padStart(5)} ${what}`);
console.log(`${findings.length} findings, ${limits.length} limits`);
process.exitCode = findings.length === 0 ? 0 : 1;
