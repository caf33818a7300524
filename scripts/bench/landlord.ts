import { addDays } from '#shared/vocabulary/time.ts';
import { type BenchSystem, openBenchSystem } from './bench-system.ts';
import type { TableCounts } from './counted-table.ts';
import { landlordFacts } from './landlord-facts.ts';
import type { Figure, Measurement } from './measurement.ts';

const start = '2026-03-01';

const { named, fact, opening, letting, agreement, ended } = landlordFacts('bench', (n) =>
  new Date(Date.parse(`${start}T08:00:00.000Z`) - 86_400_000 + n).toISOString(),
);

/** Facts handed in at once. */
const atOnce = 20;

const tellAll = async (system: BenchSystem, facts: readonly object[]): Promise<void> => {
  for (let from = 0; from < facts.length; from += atOnce) await system.tell(facts.slice(from, from + atOnce));
};

/** A landlord whose account takes service at so many places. */
export const openLandlord = async (premises: number): Promise<BenchSystem> => {
  const system = await openBenchSystem(`${start}T12:00:00.000Z`);
  await system.tell(opening);
  const numbers = Array.from({ length: premises }, (_, n) => n + 1);
  await tellAll(
    system,
    numbers.flatMap((n) => letting(n)),
  );
  await tellAll(
    system,
    numbers.map((n) => agreement(n, '2025-01-01')),
  );
  return system;
};

/** What it costs to tell of one agreement more, at a place that is known already. */
export const costOfOneMore = async (premises: number): Promise<TableCounts> => {
  const system = await openLandlord(premises);
  const next = premises + 1;
  await system.tell(letting(next));
  system.reset();
  await system.tell([agreement(next, addDays(start, -1))]);
  const counts = system.counts();
  await system.close();
  return counts;
};

/** What it costs to tell late that an agreement ended: of the first place, by a word older than its agreement. */
export const costOfLateEnd = async (premises: number): Promise<TableCounts> => {
  const system = await openLandlord(premises);
  system.reset();
  await system.tell([ended(1, '2026-02-01', -1000)]);
  const counts = system.counts();
  await system.close();
  return counts;
};

const accountOf = (n: number): object =>
  fact('account.account.opened.v1', `o${n}`, n, { references: [named(`o${n}`)], currency: 'GBP' });

const roleOn = (n: number, from: string): object =>
  fact('account.role.granted.v1', `r${n}`, n, {
    account: named(`o${n}`),
    customer: named('landlord'),
    role: 'agent',
    from,
  });

/** A letting agent who acts for so many accounts. */
const openAgent = async (accounts: number): Promise<BenchSystem> => {
  const system = await openBenchSystem(`${start}T12:00:00.000Z`);
  await system.tell(opening.slice(0, 1));
  const numbers = Array.from({ length: accounts }, (_, n) => n + 1);
  await tellAll(
    system,
    numbers.flatMap((n) => [accountOf(n), roleOn(n, '2025-01-01')]),
  );
  return system;
};

/** What it costs to tell of one role more, on an account that is known already. */
export const costOfOneRoleMore = async (accounts: number): Promise<TableCounts> => {
  const system = await openAgent(accounts);
  const next = accounts + 1;
  await system.tell([accountOf(next)]);
  system.reset();
  await system.tell([roleOn(next, addDays(start, -1))]);
  const counts = system.counts();
  await system.close();
  return counts;
};

const sizes = [100, 1_000, 10_000] as const;
/** Numbers that are told of many have more digits than those of few. */
const digits = 64;

const bytesOf = ({ bytesRead, bytesWritten }: TableCounts): number => bytesRead + bytesWritten;

/** What one more costs at each size, against the least of them. */
const oneMore = async (
  name: string,
  what: string,
  places: string,
  costOf: (size: number) => Promise<TableCounts>,
  notCounted: string,
): Promise<readonly Figure[]> => {
  const counted: TableCounts[] = [];
  for (const size of sizes) counted.push(await costOf(size));
  const [least, ...others] = counted;
  if (least === undefined) throw new RangeError('nothing was counted');
  const beside = (of: (counts: TableCounts) => number, unit: string) =>
    sizes.map((size, index) => {
      const counts = counted[index];
      return { what: `at ${size} ${places}`, value: counts === undefined ? 0 : of(counts), unit };
    });
  const most = (of: (counts: TableCounts) => number): number => Math.max(...others.map(of)) - of(least);
  const figures = [
    ['requests', 'requests more', 'requests', (one: TableCounts) => one.requests, 0],
    ['reads', 'read units more', 'RRU', (one: TableCounts) => one.readUnits, 0],
    ['writes', 'write units more', 'WRU', (one: TableCounts) => one.writeUnits, 0],
    ['bytes', 'bytes read and written more', 'B', bytesOf, digits],
  ] as const;
  return figures.map(([figure, more, unit, of, goal]) => ({
    name: `${name}-${figure}`,
    what: `${what}: ${more} than at ${sizes[0]} ${places}`,
    value: most(of),
    unit,
    goal: { atMost: goal },
    beside: beside(of, unit),
    notCounted,
  }));
};

/** One agreement more, and one role more, cost the same, however many there are. */
export const oneAgreementMore: Measurement = {
  name: 'agreements',
  title:
    'One agreement more on an account of 100, 1,000 and 10,000 premises, one role more of a customer with as many accounts',
  async measure(): Promise<readonly Figure[]> {
    return [
      ...(await oneMore(
        'agreements',
        'one agreement more',
        'premises',
        costOfOneMore,
        'what follows a change of the first premises that views show: at most 25 of them, however many there are',
      )),
      ...(await oneMore(
        'roles',
        'one role more',
        'accounts',
        costOfOneRoleMore,
        'the 360 view of such a customer, which reads the digest of every account',
      )),
    ];
  },
};
