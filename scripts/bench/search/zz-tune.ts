import { askAll, questionsOf, together } from './measure.ts';
import { openSearchedUtility } from './searched-utility.ts';

const [seed = 'tune', n = '600', most = '40', show = '2'] = process.argv.slice(2);
const u = await openSearchedUtility(seed, Number(n));
console.log('customers', u.customers);
const misses = new Map<string, number>();
const r = await askAll(u, questionsOf(u.all, seed, Number(most)), (a, hits) => {
  const k = misses.get(a.category) ?? 0;
  misses.set(a.category, k + 1);
  if (k < Number(show)) {
    const m = u.all.find(({ id }) => a.meant.has(id));
    console.log(
      `MISS ${a.category}: "${a.q}" meant ${m?.names} ${JSON.stringify(m?.places[0])} => ${hits
        .slice(0, 3)
        .map(({ name, score, matchedOn }: any) => `${name} ${score} ${JSON.stringify(matchedOn)}`)
        .join(' | ')}`,
    );
  }
});
for (const [c, f] of r)
  console.log(
    c.padEnd(28),
    f.asked,
    ((100 * f.first) / f.asked).toFixed(1),
    ((100 * f.five) / f.asked).toFixed(1),
    'shared',
    f.shared,
    'reads',
    f.requests.toSorted((a, b) => a - b)[Math.floor(f.requests.length / 2)],
    Math.max(...f.requests),
  );
const t = together([...r.values()]);
console.log(
  'all',
  t.asked,
  ((100 * t.first) / t.asked).toFixed(1),
  ((100 * t.five) / t.asked).toFixed(1),
  'max reads',
  Math.max(...t.requests),
);
await u.store.close();
