import type { CostLine, LineName } from './line-names.ts';
import { costOf, type PriceName } from './prices.ts';

/** Units of a price. */
type Part = readonly [PriceName, number];

/** A line of the bill: so many units of each price. */
export const line = (what: LineName, how: string, ...parts: readonly Part[]): CostLine => ({
  what,
  how,
  dollars: parts.reduce((sum, [name, units]) => sum + costOf(name, units), 0),
});
