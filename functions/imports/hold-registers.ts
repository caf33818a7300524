import type { AdvanceParts, Work } from './import-work.ts';
import { type Claimant, claimRegister, dependentsOf, type RegisterPlace } from './store/imported-registers.ts';
import { changeImport, type ImportItem, isAtWork, readImport } from './store/imports.ts';

const keyOf = ({ meter, register }: RegisterPlace): string => `${meter}\n${register}`;

/** Whether an import holds what it claimed: something of it may be on its way. */
const holds = (item: ImportItem | undefined): boolean =>
  item !== undefined && isAtWork(item) && item.state !== 'uploaded' && item.waitsFor === '';

/**
 * Claims registers for an import, so that no two say something of one at once: each would take it for new. Answers an import that
 * holds one of them. A claim lasts for a stretch of work of its import: one that begins to wait for another has nothing on its way
 * and begins a new one, so none waits for one that waits for it.
 */
export const claimAll = async (
  { profile }: AdvanceParts,
  { id, stint }: ImportItem,
  { claimed }: Work,
  places: Iterable<RegisterPlace>,
): Promise<string | undefined> => {
  const isVoid = async (other: Claimant): Promise<boolean> => {
    const item = await readImport(profile, other.id);
    return !holds(item) || item?.stint !== other.stint;
  };
  for (const place of places) {
    const key = keyOf(place);
    if (claimed.has(key)) continue;
    const holder = await claimRegister(profile, place, { id, stint }, isVoid);
    if (holder !== undefined) return holder;
    claimed.add(key);
  }
  return undefined;
};

/** Whether an import that waits has to wait on: what it waits for holds its registers, or waits for it in turn and came first. */
export const mustWait = async ({ profile }: AdvanceParts, item: ImportItem): Promise<boolean> => {
  const other = await readImport(profile, item.waitsFor);
  if (other === undefined || holds(other)) return other !== undefined;
  const isOlder = other.createdAt < item.createdAt || (other.createdAt === item.createdAt && other.id < item.id);
  return isAtWork(other) && other.waitsFor === item.id && isOlder;
};

/** Has an import read again, at once or when it is through. Answers whether there is something to do for it at once. */
const readAgain = async ({ profile, clock }: AdvanceParts, id: string): Promise<boolean> => {
  for (;;) {
    const item = await readImport(profile, id);
    if (item === undefined || item.dryRun || item.forgottenAt !== undefined) return false;
    const isDone = item.state === 'done';
    if (!isDone && (!isAtWork(item) || item.state === 'undoing' || item.again)) return false;
    if (await changeImport(profile, item, isDone ? { state: 'uploaded' } : { again: true }, clock.now())) return isDone;
  }
};

/** Has the imports read again that found stored what was now taken out of some registers. */
export const readDependentsAgain = async (
  parts: AdvanceParts,
  { id }: ImportItem,
  places: Iterable<RegisterPlace>,
): Promise<void> => {
  const seen = new Set([id]);
  for (const place of places)
    for await (const other of dependentsOf(parts.profile, place)) {
      if (seen.has(other)) continue;
      seen.add(other);
      if (await readAgain(parts, other)) await parts.wake(other);
    }
};
