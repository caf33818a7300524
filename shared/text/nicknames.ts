import { nicknameLines } from './nickname-lines.ts';

const membersOf: readonly (readonly string[])[] = nicknameLines
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const groups: ReadonlyMap<string, readonly number[]> = (() => {
  const found = new Map<string, number[]>();
  for (const [place, members] of membersOf.entries())
    for (const name of new Set(members)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [place]);
      else known.push(place);
    }
  return found;
})();

const none: readonly number[] = [];

/** Groups of names that a given name belongs to. */
export const nicknameGroups = (name: string): readonly number[] => groups.get(name) ?? none;

/** Other names that people use for the same given name, full forms first: `bill` gives `william`, then `billy`, `liam`, `will`. */
export const nicknamesOf = (name: string): readonly string[] => {
  const found = nicknameGroups(name).map((place) => membersOf[place] ?? []);
  const full = found.flatMap((members) => members.slice(0, 1));
  const short = found.flatMap((members) => members.slice(1)).sort();
  return [...new Set([...full, ...short])].filter((other) => other !== name);
};

export const shareNickname = (left: readonly number[], right: readonly number[]): boolean => {
  for (const group of left) if (right.includes(group)) return true;
  return false;
};
