import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { metering, type ToldInstallation } from '#shared/domain/profile/installations.ts';
import { endSaid } from '#shared/domain/profile/told-ends.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { ClaimHook } from './commit-plan.ts';
import { subjectKindOf } from './keys.ts';
import { installationsWith, installationWrites, readMeter } from './meters.ts';
import type { Table } from './table.ts';
import { watchWrite } from './watched-meters.ts';

const byMeter = (states: States): ReadonlyMap<string, readonly ToldInstallation[]> => {
  const grouped = new Map<string, ToldInstallation[]>();
  for (const one of stateOf(states, metering).state.installations.starts)
    grouped.set(one.meter, [...(grouped.get(one.meter) ?? []), one]);
  return grouped;
};

/**
 * Keeps the installations of each meter's item in step with the premise's state, in the same commit (K6), and has a meter that was
 * installed or removed looked at, should nothing come from it.
 */
export const meterInstallationHook =
  (profile: Table): ClaimHook =>
  async (subject, before, after) => {
    if (subjectKindOf(subject) !== 'premise') return [];
    const [had, has] = [byMeter(before), byMeter(after)];
    const changed = [...new Set([...had.keys(), ...has.keys()])].filter(
      (meter) => canonicalJson(had.get(meter) ?? []) !== canonicalJson(has.get(meter) ?? []),
    );
    const writes = await Promise.all(
      changed.map(async (meter) => {
        const item = await readMeter(profile, meter);
        if (item === undefined) return [];
        const there = (has.get(meter) ?? []).map(({ servicePoint, from, source, said, ends }) => ({
          servicePoint,
          premise: subject,
          from,
          to: endSaid({ ends }),
          source,
          said,
        }));
        const latest = there
          .map(({ from }) => from)
          .sort()
          .at(-1);
        const watch = latest === undefined ? [] : [watchWrite(meter, latest)];
        return [installationWrites(item, installationsWith(item, subject, there)), ...watch];
      }),
    );
    return writes.flat();
  };
