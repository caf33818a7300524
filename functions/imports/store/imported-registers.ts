import * as z from 'zod';
import { dependentImportKey, formerImportKey, importedRegisterKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';

/** A register of a meter. */
export interface RegisterPlace {
  readonly meter: string;
  readonly register: string;
}

/**
 * The item `IMR#<meter>#<register>`: the import that tells the register, so that no two tell it at once. Imports that found stored
 * there what they have to say, so that they can say it again where it is taken out, have an item each beside it: a register that is
 * told by a file every hour for years has many, and no item grows with them. `dependents` are those noted before that. An import that
 * another took the register over from has an item there, too: whoever is erased has the files gone that told of them.
 */
const ImportedRegister = z.object({
  version: z.int().min(1),
  holder: z.string(),
  stint: z.int(),
  dependents: z.array(z.string()).default([]),
});
const Dependent = z.object({ dependent: z.string() });
const Former = z.object({ former: z.string() });
type ImportedRegister = z.infer<typeof ImportedRegister>;

/** Tries at an item that others change at the same time. */
const mostTries = 20;

const read = async (profile: Table, { meter, register }: RegisterPlace): Promise<ImportedRegister | undefined> => {
  const item = await profile.get(importedRegisterKey(meter, register), { consistent: true });
  return item === undefined ? undefined : ImportedRegister.parse(item);
};

/** Changes the item as `to` says, which sees it as it is; undefined leaves it. */
const changed = async (
  profile: Table,
  place: RegisterPlace,
  to: (before: ImportedRegister | undefined) => Promise<Omit<ImportedRegister, 'version'> | undefined>,
): Promise<void> => {
  const key = importedRegisterKey(place.meter, place.register);
  for (let tried = 0; tried < mostTries; tried += 1) {
    const before = await read(profile, place);
    const after = await to(before);
    if (after === undefined) return;
    const when =
      before === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: before.version } as const);
    try {
      const put = { ...key, ...after, version: (before?.version ?? 0) + 1 };
      const displaced = before === undefined || before.holder === after.holder ? undefined : before.holder;
      if (displaced === undefined) await profile.commit([{ put, when, mayRepeat: true }]);
      else {
        const former = { ...formerImportKey(place.meter, place.register, displaced), former: displaced };
        await profile.commit([{ put, when, mayRepeat: true }, { put: former }]);
      }
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
  throw new Error(`${place.meter} ${place.register} is being claimed by others all the time`);
};

/** An import, and the stretch of its work in which it claims. */
export interface Claimant {
  readonly id: string;
  readonly stint: number;
}

/** Claims a register for an import; a claim that stands is taken over where `mayTake` allows it. Answers the holder where it does not. */
export const claimRegister = async (
  profile: Table,
  place: RegisterPlace,
  { id, stint }: Claimant,
  mayTake: (holder: Claimant) => Promise<boolean>,
): Promise<string | undefined> => {
  let held: string | undefined;
  await changed(profile, place, async (before) => {
    held = undefined;
    if (before?.holder === id && before.stint === stint) return undefined;
    if (before !== undefined && before.holder !== id && !(await mayTake({ id: before.holder, stint: before.stint }))) {
      held = before.holder;
      return undefined;
    }
    return { holder: id, stint, dependents: before?.dependents ?? [] };
  });
  return held;
};

/** Puts down that an import found stored what it has to say of a register that it claimed; said again it is the same. */
export const relyOnRegister = (profile: Table, { meter, register }: RegisterPlace, importId: string): Promise<void> =>
  profile.commit([{ put: { ...dependentImportKey(meter, register, importId), dependent: importId }, mayRepeat: true }]);

/** All that is kept of who tells a register, and told it. */
async function* keptOf(profile: Table, { meter, register }: RegisterPlace): AsyncGenerator<Item> {
  const { pk } = importedRegisterKey(meter, register);
  let cursor: string | undefined;
  do {
    const page = await profile.query({ pk, consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const isState = ({ sk }: Item): boolean => sk === importedRegisterKey('', '').sk;

/** The imports that found stored what they have to say of a register, page by page; one may come twice. */
export async function* dependentsOf(profile: Table, place: RegisterPlace): AsyncGenerator<string> {
  for await (const item of keptOf(profile, place)) {
    if (isState(item)) yield* ImportedRegister.parse(item).dependents;
    else if ('dependent' in item) yield Dependent.parse(item).dependent;
  }
}

/** The imports that told a register, and those that found stored what they have to say of it, by id. */
export const importsOfRegister = async (
  profile: Table,
  place: RegisterPlace,
): Promise<{ readonly told: ReadonlySet<string>; readonly relied: ReadonlySet<string> }> => {
  const [told, relied] = [new Set<string>(), new Set<string>()];
  for await (const item of keptOf(profile, place)) {
    if (isState(item)) {
      const { holder, dependents } = ImportedRegister.parse(item);
      told.add(holder);
      for (const one of dependents) relied.add(one);
    } else if ('dependent' in item) relied.add(Dependent.parse(item).dependent);
    else told.add(Former.parse(item).former);
  }
  return { told, relied };
};
