import { assumed, type CostLine, importedDays, importedYear, leftOut, measured, monthOf } from '#scripts/cost/model.ts';
import { costOf, prices } from '#scripts/cost/prices.ts';
import { type Standing, standingOf } from '#scripts/cost/standing.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

/** Sizes of a utility, in meters. */
export const sizes = [1000, 100_000, 10_000_000] as const;

/** The smallest is a stage that watches what protects data alone (`alarms.watching`), as `dev` does. */
const standingAt = (meters: number): Standing => standingOf(meters > sizes[0] ? 'all' : 'protecting');

const dollars = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));

const total = (lines: readonly CostLine[]): number => lines.reduce((sum, line) => sum + line.dollars, 0);

const costTable = (): string => {
  const months = sizes.map((meters) => monthOf(meters, standingAt(meters)));
  const [first = []] = months;
  const rows = first.map(({ what, how }, index) => {
    const values = months.map((lines) => dollars(lines[index]?.dollars ?? 0));
    return `| ${what} | ${values.join(' | ')} | ${cell(how)} |`;
  });
  const sums = months.map((lines) => `**${dollars(total(lines))}**`);
  const each = months.map((lines, index) => (total(lines) / (sizes[index] ?? 1)).toFixed(4));
  return [
    `| dollars a month | ${sizes.map((meters) => `${meters.toLocaleString('en')} meters`).join(' | ')} | at 1,000 meters |`,
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
    `| **all of it** | ${sums.join(' | ')} | |`,
    `| for each meter | ${each.join(' | ')} | |`,
  ].join('\n');
};

const watchedText = (): string => {
  const [small, all] = [standingOf('protecting'), standingOf('all')];
  const cost = ({ alarmMetrics, ownMetrics }: Standing): string =>
    dollars(costOf('alarmMetric', alarmMetrics) + costOf('metric', ownMetrics));
  return `At 1,000 meters a stage is reckoned as \`dev\` is: it has the alarms that protect data alone (\`alarms.watching\` in \`infra/config.ts\`; the [runbooks](runbooks/README.md) say which), and makes metrics of what these look at: $${cost(small)} a month. The others have all: $${cost(all)}. An alarm is billed by the metrics it looks at; a metric of one's own by its name and each set of its dimensions, in the hours in which something is counted, so that a stage in which nothing fails pays for fewer. \`shared/runtime/counts.ts\` lists what is counted and what of it is a metric.`;
};

const priceTable = (): string =>
  [
    '| price | dollars | for | source | of |',
    '| --- | ---: | --- | --- | --- |',
    ...Object.values(prices).map(
      ({ what, dollars: value, per, unit, from, of }) =>
        `| ${what} | ${value} | ${per === 1 ? `1 ${unit.replace(/s$/, '')}` : `${per.toLocaleString('en')} ${unit}`} | ${from} | ${of} |`,
    ),
  ].join('\n');

/** What a stage costs in a month, from what the bench measures and the price table. */
export const costPages = (): Pages =>
  new Map([
    [
      'docs/cost.md',
      page(
        generatedNote('scripts/cost'),
        '# What a stage costs',
        'Computed from what `npm run bench` measures ([Measurements](bench.md)) and the list prices of us-east-1 below. It is a model and no bill: nothing here was billed by AWS, free tiers and discounts of volume are left out, and prices of other regions differ.',
        costTable(),
        '## Measured',
        [
          `- ${measured.readingWrites} write units per 1,000 readings for the readings alone (G1a), ${measured.readingAndUsageWrites} with the usage in the view (G1b), at ${assumed.intervals} readings a day`,
          `- ${measured.storedBytes} billed bytes a reading (G9)`,
          `- a view: ${measured.viewReads} read units with the check whose view it is, ${measured.viewWrites} write units for the audit entry (G3)`,
          `- a fact: ${measured.factWrites} write and ${measured.factReads} read units (\`scripts/cost/fact-units.ts\`: bills and payments of a household)`,
          `- a day judged: ${measured.judgeWrites} write and ${measured.judgeReads} read units (\`scripts/cost/judge-units.ts\`: two months of sound days of a register, each judged with what came before, both months closed); looked at for what it tells, ${measured.lookWrites} write and ${measured.lookReads} read units more, where it tells nothing new`,
        ].join('\n'),
        '## Assumed',
        [
          `- a meter sends its ${assumed.intervals} intervals as one block a day, connects for it for ${assumed.connectedMinutes} minute, and the fleet spreads that over eight hours`,
          `- ${assumed.viewsPerMeter} look at a 360 view a month for each meter (120 million a year at 10 million meters), ${assumed.factsPerMeter} facts a month for each meter, ${assumed.monthsKept} months of readings at hand`,
          `- an invocation takes ${assumed.blocksPerInvocation} blocks and ${assumed.invocationGbSeconds} GB-seconds, a call ${assumed.callGbSeconds}, a fact with what follows it ${assumed.factGbSeconds}: times on AWS were not measured`,
          `- ${assumed.factAuditWrites} write units for the audit entry of a fact, ${assumed.factKeyUses} requests of KMS for a fact and ${assumed.viewKeyUses} for a view, ${assumed.logBytes} bytes of log a call or invocation, ${assumed.profileGb * 1e6} kB of profile, audit and search a meter`,
        ].join('\n'),
        '## What is watched',
        watchedText(),
        '## Not in the model',
        leftOut.map((one) => `- ${one}`).join('\n'),
        'Freshness has a price: a meter that stays connected costs $0.042 a year for the connection alone, and one that sends each interval as it closes sends 48 messages where one is counted here. A stage has as many shards as `infra/config.ts` says, which may be more than the fleet needs.',
        `A file of history costs once what its days would have cost: ${importedDays} days of a meter are $${importedYear().toFixed(4)} for the stream, readings, usage and judging.`,
        '## Prices',
        priceTable(),
      ),
    ],
  ]);
