import type { ClaimElsewhere, ToldElsewhere } from '#shared/profile/rules/installations.ts';
import { toldInstallations } from '#shared/profile/rules/service-at.ts';
import type { States } from '#shared/profile/rules/states.ts';
import type { Table } from '#shared/table/table.ts';
import { type MeterItem, readMeter, toldPlaces } from './meters.ts';

/** Most claims of other premises that one keeps beside its own: those that are open, then the latest. */
const mostClaims = 40;

const openThenLatest = (one: ClaimElsewhere, other: ClaimElsewhere): number => {
  if ((one.to === null) !== (other.to === null)) return one.to === null ? -1 : 1;
  return one.said < other.said ? 1 : one.said > other.said ? -1 : 0;
};

const bySaid = (one: { readonly said: string }, other: { readonly said: string }): number =>
  one.said < other.said ? -1 : one.said > other.said ? 1 : 0;

/**
 * What is told of a meter at other premises than one; nothing where all of that was over before it was first told of there. Else what
 * was over, too: it may have ended what another source says is there still.
 */
const claimsElsewhere = (meter: MeterItem, premise: string, since: string): readonly ClaimElsewhere[] => {
  const elsewhere = toldPlaces(meter).filter((one) => one.premise !== premise);
  if (elsewhere.every(({ to }) => to !== null && to <= since)) return [];
  return elsewhere.map(({ servicePoint, source = '', said, from, to }) => ({
    meter: meter.id,
    servicePoint,
    source,
    said: said ?? from,
    from,
    to,
  }));
};

/** What the items of a premise's meters say of them at other premises, as they stand. One read for each of its meters. */
export const toldElsewhere = async (profile: Table, premise: string, states: States): Promise<ToldElsewhere> => {
  const { starts } = toldInstallations(states);
  const ids = [...new Set(starts.map(({ meter }) => meter))].sort();
  const read = await Promise.all(ids.map((id) => readMeter(profile, id)));
  const meters = read.filter((meter) => meter !== undefined);
  const claims = meters.flatMap((meter) => {
    const [since = ''] = starts
      .filter((one) => one.meter === meter.id)
      .map(({ from }) => from)
      .sort();
    return claimsElsewhere(meter, premise, since);
  });
  const settled = meters.flatMap(({ id, settled: decided = [] }) =>
    decided.flatMap(({ servicePoint: holder, premise: there, from, to, said, fact }) =>
      there === premise ? [] : [{ thing: id, holder, from, to, said, fact }],
    ),
  );
  return { claims: claims.toSorted(openThenLatest).slice(0, mostClaims).sort(bySaid), settled: settled.sort(bySaid) };
};
