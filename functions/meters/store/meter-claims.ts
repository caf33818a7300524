import { watchWrite } from '#functions/validation/store/watched-meters.ts';
import type { ClaimHook } from '#shared/facts/commit-plan.ts';
import type { SettledPlace, ToldInstallation } from '#shared/profile/rules/installations.ts';
import { toldInstallations } from '#shared/profile/rules/service-at.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { endSaid, endsThatDiffer } from '#shared/profile/rules/told-ends.ts';
import { installationsWith, installationWrites, readMeter, settledWith } from '#shared/profile/store/meters.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';

interface ToldOfMeter {
  readonly starts: readonly ToldInstallation[];
  readonly settled: readonly SettledPlace[];
}
const nothing: ToldOfMeter = { starts: [], settled: [] };

const byMeter = (states: States): ReadonlyMap<string, ToldOfMeter> => {
  const { starts, settled = [] } = toldInstallations(states);
  const grouped = new Map<string, ToldOfMeter>();
  const told = (meter: string): ToldOfMeter => grouped.get(meter) ?? nothing;
  for (const one of starts) grouped.set(one.meter, { ...told(one.meter), starts: [...told(one.meter).starts, one] });
  for (const one of settled) grouped.set(one.thing, { ...told(one.thing), settled: [...told(one.thing).settled, one] });
  return grouped;
};

/**
 * Keeps the installations of each meter's item in step with the premise's state, in the same commit, and has a meter that was
 * installed or removed looked at, should nothing come from it.
 */
export const meterInstallationHook =
  (profile: Table): ClaimHook =>
  async (subject, before, after) => {
    if (subjectKindOf(subject) !== 'premise') return [];
    const [had, has] = [byMeter(before), byMeter(after)];
    const changed = [...new Set([...had.keys(), ...has.keys()])].filter(
      (meter) => canonicalJson(had.get(meter) ?? nothing) !== canonicalJson(has.get(meter) ?? nothing),
    );
    const writes = await Promise.all(
      changed.map(async (meter) => {
        const item = await readMeter(profile, meter);
        if (item === undefined) return [];
        const { starts, settled } = has.get(meter) ?? nothing;
        const decided = settled.map(({ holder: servicePoint, from, to, said, fact }) => ({
          servicePoint,
          premise: subject,
          from,
          to,
          said,
          fact,
        }));
        const there = starts.map(({ servicePoint, from, source, said, ends }) => {
          const differing = endsThatDiffer({ ends });
          return {
            servicePoint,
            premise: subject,
            from,
            to: endSaid({ ends }),
            source,
            said,
            ...(differing.length === 0 ? {} : { ends: [...differing] }),
          };
        });
        const told = installationsWith(item, subject, there);
        const latest = told
          .map(({ from }) => from)
          .sort()
          .at(-1);
        const watch = latest === undefined ? [] : [watchWrite(meter, latest)];
        return [installationWrites(item, told, settledWith(item, subject, decided)), ...watch];
      }),
    );
    return writes.flat();
  };
