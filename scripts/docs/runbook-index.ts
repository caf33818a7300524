import type { AlarmKind } from '#functions/manifest/alarm.ts';
import { functionNamed, functionNames } from '#functions/manifest.ts';
import { everyAlarmKind } from '#infra/alarms/kinds.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

/** Pages that no alarm leads to: what an operator does by plan, or is asked for. */
/** Functions that work nearly to the end of their time. */
const handingOn = functionNames
  .filter((name) => functionNamed(name).nearTimeout === 970)
  .map((name) => `\`${name}\``)
  .join(' and ');

export const procedures = {
  'restore-tables': 'set a table back to a time before a mistake',
  'meter-certificates': 'rotate and revoke certificates of meters',
  quarantine: 'look at what was kept aside, and empty it',
  imports: 'have an import of a file go on, or take it back',
  'without-effect': 'look at facts that are kept and change nothing',
  disputes: 'find what sources say otherwise of a point or a meter, and have it settled',
  redrive: 'hand in again what readers and queues gave up',
  replay: 'fold profiles anew, or publish facts again',
  'verify-audit': 'show that nobody changed the audit',
  'roll-back': 'go back to the version before',
  'drift-and-import': 'find what was changed by hand, and take in what exists',
} as const;

const spanOf = ({ period, periods, outOf }: AlarmKind): string => {
  const minutes = period / 60;
  const each = minutes >= 1440 ? `${minutes / 1440} d` : `${minutes} min`;
  return outOf === undefined ? `${periods} x ${each}` : `${periods} of ${outOf} x ${each}`;
};

const alarmRow = (kind: AlarmKind): string =>
  `| ${[`\`${kind.id}\``, kind.urgency, kind.protects ? 'yes' : '', `${kind.below === true ? '<' : '>'} ${kind.threshold.toLocaleString('en')}`, spanOf(kind), cell(kind.impact), `[${kind.runbook}](${kind.runbook}.md)`].join(' | ')} |`;

/** The index of the runbooks: every alarm with its page, and the procedures. */
export const runbookPages = (): Pages =>
  new Map([
    [
      'docs/runbooks/README.md',
      page(
        generatedNote('infra/alarms/kinds.ts and functions/manifest'),
        '# Runbooks',
        'An alarm is named `rotunda-<stage>-<alarm>-<what it is on>`, and its text names the page. `page` means that somebody looks now, `ticket` that somebody looks today; each goes to a topic of its own, `rotunda-<stage>-page` and `rotunda-<stage>-ticket`. A stage whose `alarms.watching` is `protecting` (`dev`) has those that protect data alone. Each page has four parts: symptom, check, fix, verify. `$STAGE` is the stage; commands take the AWS credentials and region of the shell, and `aws` is its command line, version 2. Words in capitals are to be put in.',
        '## Alarms',
        [
          '| alarm | urgency | protects data | rings at | for | what it means | page |',
          '| --- | --- | --- | --- | --- | --- | --- |',
          ...everyAlarmKind.map(alarmRow),
        ].join('\n'),
        `Where a bound is of the thing itself (\`function-near-timeout\` rings at 90 % of the time of its function, of ${handingOn}, which hand on what is left, at 97 %), the table shows that of the kind.`,
        '## Procedures',
        Object.entries(procedures)
          .map(([name, what]) => `- [${name}](${name}.md): ${what}`)
          .join('\n'),
      ),
    ],
  ]);
