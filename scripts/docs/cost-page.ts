import { join } from 'node:path';
import { Estate } from '#infra/limits/estate.ts';
import { readStage } from '#infra/limits/read-estate.ts';
import { assumed, measured } from '#scripts/cost/assumed.ts';
import { leftOut } from '#scripts/cost/left-out.ts';
import { type CostLine, totalOf } from '#scripts/cost/line-names.ts';
import { lowering } from '#scripts/cost/lowering.ts';
import { importedDays, importedYear, monthOf } from '#scripts/cost/model.ts';
import { costOf, prices } from '#scripts/cost/prices.ts';
import { type Standing, standingOf } from '#scripts/cost/standing.ts';
import { trafficOf } from '#scripts/cost/traffic.ts';
import { readingStages } from '#scripts/stages.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

/** Sizes of a utility, in meters. */
export const sizes = [1000, 100_000, 10_000_000] as const;
const [small, , large] = sizes;
/** Stages that the page shows, as they are shipped. */
export const costedStages = ['dev', 'prod'] as const;

/** What the page says of what the largest size was to cost, and what a small stage may. */
export const goals = { small: 45, large: 5000, hoped: 1500 } as const;

const dollars = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2));
const meters = (count: number): string => `${count.toLocaleString('en')} meters`;
/** Without what the arithmetic of computers adds. */
const milliseconds = (seconds: number): number => Number((seconds * 1000).toFixed(1));
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const greatest = (lines: readonly CostLine[]): readonly CostLine[] =>
  lines.toSorted((one, other) => other.dollars - one.dollars);

const costTable = (standing: Standing): string => {
  const months = sizes.map((size) => monthOf(standing, size));
  const [first = []] = months;
  const rows = first.map(({ what, how }, index) => {
    const values = months.map((lines) => dollars(lines[index]?.dollars ?? 0));
    return `| ${what} | ${values.join(' | ')} | ${cell(how)} |`;
  });
  const sums = months.map((lines) => `**${dollars(totalOf(lines))}**`);
  const each = months.map((lines, index) => (totalOf(lines) / (sizes[index] ?? 1)).toFixed(4));
  return [
    `| dollars a month | ${sizes.map(meters).join(' | ')} | how, at 1,000 meters |`,
    '| --- | ---: | ---: | ---: | --- |',
    ...rows,
    `| **all of it** | ${sums.join(' | ')} | |`,
    `| for each meter | ${each.join(' | ')} | |`,
  ].join('\n');
};

const dominating = (standing: Standing): string =>
  sizes
    .map((size) => {
      const lines = monthOf(standing, size);
      const most = greatest(lines).slice(0, 3);
      const said = most.map(
        ({ what, dollars: value }) => `${what} $${dollars(value)} (${Math.round((100 * value) / totalOf(lines))} %)`,
      );
      return `- ${meters(size)}: ${said.join(', ')}`;
    })
    .join('\n');

const loweringTable = (dev: Standing, prod: Standing): string => {
  const [ofDev, ofProd] = [monthOf(dev, small), monthOf(prod, large)];
  const rows = ofDev.flatMap(({ what, dollars: value }, index) => {
    const atLarge = ofProd[index]?.dollars ?? 0;
    const help = lowering[what];
    return help === undefined ? [] : [`| ${what} | ${dollars(value)} | ${dollars(atLarge)} | ${cell(help)} |`];
  });
  return [
    `| line | dev, ${meters(small)} | prod, ${meters(large)} | what lowers it, and what that costs |`,
    '| --- | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
};

const goalText = (dev: Standing, prod: Standing): string => {
  const [ofDev, ofProd] = [totalOf(monthOf(dev, small)), monthOf(prod, large)];
  const customers = ofProd.find(({ what }) => what === 'Customers who sign in')?.dollars ?? 0;
  const all = totalOf(ofProd);
  const met = (value: number, goal: number): string => (value <= goal ? 'met' : 'not met');
  return [
    `- \`dev\` at ${meters(small)}, at most $${goals.small}: ${met(ofDev, goals.small)} in the first year, $${dollars(ofDev)}; with its keys rotated $${dollars(ofDev + costOf('keyRotated', dev.rotatingKeys))} in the second and $${dollars(ofDev + costOf('keyRotated', 2 * dev.rotatingKeys))} from the third on`,
    `- \`prod\` at ${meters(large)}, at most $${whole(goals.large)}: ${met(all, goals.large)}, $${dollars(all)}; $${dollars(all - customers)} without customers who sign in by Cognito (${met(all - customers, goals.large)}). $${whole(goals.hoped)} is out of reach of this design: ${greatest(
      ofProd,
    )
      .filter(({ dollars: value }) => value >= goals.hoped / 20)
      .map(({ what, dollars: value }) => `${what} $${dollars(value)}`)
      .join(', ')}; what would lower each stands below`,
  ].join('\n');
};

const invocationTable = (standing: Standing): string => {
  const [few, many] = [trafficOf(standing, small).runs, trafficOf(standing, large).runs];
  const rows = few.flatMap(({ of, by, count, records }, index) => {
    const other = many[index];
    if (other === undefined || by === 'clock' || by === 'callers') return [];
    return [
      `| \`${of}\` | ${whole(count)} | ${records.toFixed(1)} | ${whole(other.count)} | ${other.records.toFixed(1)} |`,
    ];
  });
  return [
    `| reader | invocations, ${meters(small)} | of so many records | invocations, ${meters(large)} | of so many records |`,
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
};

const assumedText = (): string =>
  [
    `- a meter sends its ${assumed.intervals} intervals as one block a day, connects for it for ${assumed.connectedMinutes} minute, and the fleet spreads that over ${assumed.fleetHours} hours; people and programs are at it ${assumed.workingHours} hours a day`,
    `- ${assumed.viewsPerMeter} look at a 360 view a month for each meter, ${assumed.factsPerMeter} facts, ${assumed.monthsKept} months of readings at hand, ${assumed.profileGb * 1e6} kB of profile, audit and search`,
    `- ${assumed.customersActive * 100} of 100 meters have a customer who signs in within a month, ${assumed.signInsPerUser} times; one of staff for ${whole(assumed.metersPerStaff)} meters, ${assumed.leastStaff} at least`,
    `- facts come by the bus, which needs no token; a program calls the API in ${assumed.programHours} hours of a day, from ${whole(assumed.largeFrom)} meters on in ${assumed.programHoursOfLarge}. Seven programs that hold a token all day are $${dollars(costOf('token', 7 * 24 * assumed.daysPerMonth))} in a small stage as well`,
    `- a reader waits ${assumed.readerSeconds} s for tables in each invocation and takes ${assumed.recordSeconds} s for a record that has no measure; a call ${assumed.callSeconds} s, a run by the clock ${assumed.runSeconds} s. Times on AWS were not measured: where they are twice that, so are the lines of functions, but for looking at days`,
    `- the changes of a table lie in ${assumed.tableShards} shards, or one for each ${assumed.shardGb} GB; a record waits for its mapping's window, or until Lambda looks again (${assumed.kinesisPoll} s Kinesis, ${assumed.dynamoPoll} s DynamoDB: known)`,
    `- ${assumed.factAuditWrites} write units for the audit entry of a fact, ${assumed.factKeyUses} requests of KMS for a fact and ${assumed.viewKeyUses} for a view, ${assumed.logBytes} bytes of log a call or invocation, kept at ${assumed.logCompressed * 100} % of that, ${assumed.eventBytes} bytes a fact on a bus`,
  ].join('\n');

const measuredText = (): string =>
  [
    `- ${measured.readingWrites} write units per 1,000 readings for the readings alone (G1a), ${measured.readingAndUsageWrites} with the usage in the view (G1b), at ${assumed.intervals} readings a day`,
    `- ${measured.storedBytes} billed bytes a reading (G9)`,
    `- a view: ${measured.viewReads} read units with the check whose view it is, ${measured.viewWrites} write units for the audit entry (G3)`,
    `- a fact: ${measured.factWrites} write and ${measured.factReads} read units (\`scripts/cost/fact-units.ts\`: bills and payments of a household)`,
    `- a day judged: ${measured.judgeWrites} write and ${measured.judgeReads} read units (\`scripts/cost/judge-units.ts\`: two months of sound days of a register, each judged with what came before, both months closed); looked at for what it tells, ${measured.lookWrites} write and ${measured.lookReads} read units more, where it tells nothing new`,
    `- time of a processor for a day: ${milliseconds(measured.takeSeconds)} ms to keep it, ${milliseconds(measured.judgeSeconds)} to follow and judge it, ${milliseconds(measured.lookSeconds)} to look at it (a shared Xeon, 2026-12-03; on arm64 it will be another)`,
  ].join('\n');

const priceTable = (): string =>
  [
    '| price | dollars | for | source | of |',
    '| --- | ---: | --- | --- | --- |',
    ...Object.values(prices).map(
      ({ what, dollars: value, per, unit, from, of }) =>
        `| ${what} | ${value} | ${per === 1 ? `1 ${unit.replace(/s$/, '')}` : `${per.toLocaleString('en')} ${unit}`} | ${from} | ${of} |`,
    ),
  ].join('\n');

/** The page, of stages as they stand. */
export const costPage = (dev: Standing, prod: Standing): string =>
  page(
    generatedNote('scripts/cost'),
    '# What a stage costs',
    'Counted from the templates of the stages as they are shipped, and computed from what `npm run bench` measures ([Measurements](bench.md)) and the list prices of us-east-1 below. It is a model and no bill: nothing here was billed by AWS, free tiers (but the three dashboards) and discounts of volume are left out, and prices of other regions differ.',
    '## `dev`',
    costTable(dev),
    'What dominates:',
    dominating(dev),
    '## `prod`',
    costTable(prod),
    'What dominates:',
    dominating(prod),
    '## Goals',
    goalText(dev, prod),
    '## What lowers it',
    loweringTable(dev, prod),
    '## Invocations of readers',
    'As the windows, batches, filters and parallel parts of the mappings of `prod` give them; a function that is woken by several things has a row for each.',
    invocationTable(prod),
    '## Measured',
    measuredText(),
    '## Assumed',
    assumedText(),
    '## Later, and not in the tables',
    leftOut(dev, prod, large)
      .map((one) => `- ${one}`)
      .join('\n'),
    'Freshness has a price: a meter that stays connected costs $0.042 a year for the connection alone, and one that sends each interval as it closes sends 48 messages where one is counted here.',
    `A file of history costs once what its days would have cost: ${importedDays} days of a meter are $${importedYear().toFixed(4)} for the stream, readings, usage and judging; looking at what they tell is beside it.`,
    '## Prices',
    priceTable(),
  );

/** What stands in the stages that the page shows. */
export const costedStandings = (): readonly Standing[] =>
  readingStages(costedStages, (folder) =>
    costedStages.map((stage) => standingOf(new Estate(readStage(stage, join(folder, stage))))),
  );

/** What a stage costs in a month. */
export const costPages = (): Pages => {
  const [dev, prod] = costedStandings();
  if (dev === undefined || prod === undefined) throw new RangeError('a stage of the page is missing');
  return new Map([['docs/cost.md', costPage(dev, prod)]]);
};
