import { SupplyReader } from '#functions/validation/store/supply.ts';
import { forgetRowsOf, type Names } from '#shared/facts/forget-kept.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Objects, Uploads } from '#shared/messaging/ports.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { type ChunkPlan, fileNameOf, folderOf, readPlan } from './chunk-plan.ts';
import { importsOfRegister, type RegisterPlace } from './store/imported-registers.ts';
import { forgetImport, type ImportItem, readImport } from './store/imports.ts';

export interface ForgetImportsParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly clock: Clock;
}

/** A service point, and the times at it that were somebody's, in Unix seconds. */
export interface PointTimes {
  readonly servicePoint: string;
  readonly within: readonly Range[];
}

/** A register of a meter while it measured a point in those times. */
interface Measured extends RegisterPlace {
  readonly within: readonly Range[];
}

interface Theirs {
  readonly measured: readonly Measured[];
  /** What rows that had no place call the meters and the points. */
  readonly names: Names;
}

const cutTo = (within: readonly Range[], { from, to }: Range): readonly Range[] =>
  within
    .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from < range.to);

/** Which registers measured the points in these times, and what the meters and points are called. */
const theirsAt = async (profile: Table, points: readonly PointTimes[]): Promise<Theirs> => {
  const supply = new SupplyReader(profile);
  const meters = new Map<string, MeterItem>();
  const measured: Measured[] = [];
  const [ids, references] = [new Set<string>(), new Map<string, Names['references'][number]>()];
  for (const { servicePoint, within } of points) {
    const premise = await premiseOfServicePoint(profile, servicePoint);
    const supplied = premise === undefined ? [] : await supply.ofPremise(premise);
    const at = supplied.find(({ point }) => point.id === servicePoint);
    ids.add(servicePoint);
    for (const { namespace, value } of at?.point.references ?? [])
      references.set(`${namespace}:${value}`, { namespace, value });
    for (const { meter: id, from, to } of at?.meters ?? []) {
      const meter = meters.get(id) ?? (await readMeter(profile, id));
      const times = cutTo(within, { from, to });
      if (meter === undefined || times.length === 0) continue;
      meters.set(id, meter);
      ids.add(id);
      for (const reference of meter.references) references.set(`${reference.namespace}:${reference.value}`, reference);
      for (const register of meter.registers) measured.push({ meter: id, register: register.id, within: times });
    }
  }
  return { measured, names: { ids: [...ids], references: [...references.values()] } };
};

const meets = (within: readonly Range[], from: number, to: number): boolean =>
  within.some((range) => range.from < to && from < range.to);

/** Whether a chunk brought something of these registers in these times. */
const tells = ({ writes, reads }: ChunkPlan, measured: readonly Measured[]): boolean => {
  const of = (meter: string, register: string, from: number, to: number): boolean =>
    measured.some((one) => one.meter === meter && one.register === register && meets(one.within, from, to));
  return (
    writes.some(({ block: { meter, register, start, interval, values } }) =>
      of(meter, register, start, start + interval * values.length),
    ) || reads.some(({ read: { meter, register, at } }) => of(meter, register, at, at + 1))
  );
};

/** Whether an import brought something of theirs; one of which that is written down no longer counts as one that did. */
const toldOf = async (objects: Objects, item: ImportItem, measured: readonly Measured[]): Promise<boolean> => {
  for (let chunk = 1; chunk < item.chunk; chunk += 1) {
    const plan = await readPlan(objects, item.id, chunk);
    if (plan === undefined || tells(plan, measured)) return true;
  }
  return false;
};

/** Takes out what is kept of an import, beside the readings it brought. Answers whether that was not done before. */
const forget = async (parts: ForgetImportsParts, id: string): Promise<boolean> => {
  const { profile, sealer, objects, uploads, clock } = parts;
  if ((await readImport(profile, id)) === undefined) return false;
  // First nobody works on it any more: what they wrote down later would stay.
  const isNew = await forgetImport(profile, id, clock.now());
  await uploads.remove(fileNameOf(id));
  for (const name of await objects.list(`${folderOf(id)}/`)) await objects.remove(name);
  await sealer.erase(id);
  return isNew;
};

/**
 * Takes out the files of imports that told of these points in these times, with what was written down of them and the rows kept aside
 * that name the meters or the points. Readings stay, those of others too; what goes of others is the file itself, so none of it
 * can be taken back or read again. Which imports told a register is known while that stands beside it; `besides` names others by id.
 * May be stopped anywhere and called again. Answers how many imports are forgotten now that were not before.
 */
export const forgetImportsOf = async (
  parts: ForgetImportsParts,
  points: readonly PointTimes[],
  besides: readonly string[] = [],
): Promise<number> => {
  const { measured, names } = await theirsAt(parts.profile, points);
  let forgotten = 0;
  const forgetOne = async (id: string): Promise<void> => {
    if (await forget(parts, id)) forgotten += 1;
  };
  await forgetRowsOf(
    parts,
    names,
    points.flatMap(({ within }) => within),
    forgetOne,
  );
  const sure = new Set(besides);
  const maybe = new Set<string>();
  for (const place of measured) {
    const { told, relied } = await importsOfRegister(parts.profile, place);
    for (const id of relied) sure.add(id);
    for (const id of told) maybe.add(id);
  }
  for (const id of maybe) {
    const item = sure.has(id) ? undefined : await readImport(parts.profile, id);
    if (item !== undefined && (await toldOf(parts.objects, item, measured))) sure.add(id);
  }
  for (const id of sure) await forgetOne(id);
  return forgotten;
};
