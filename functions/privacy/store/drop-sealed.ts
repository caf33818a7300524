import { setTimeout as sleep } from 'node:timers/promises';
import { readFact, textsOf } from '#shared/profile/store/items.ts';
import { factKey, headKey, orderOfKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, mayPass, type Table, type Write } from '#shared/table/table.ts';

/** Facts of one commit: each lies with up to three subjects, whose HEADs are written with it. */
const factsAtOnce = 12;
const mostTries = 10;

const without = ({ sealed: _gone, ...item }: Item): Item => item;

/** Where a fact lies: with each of its subjects. */
const placesOf = (item: Item) => {
  const { fact } = readFact(item);
  const families = textsOf(item, 'families');
  return fact.subjects.map((subject, place) => ({
    subject,
    key: factKey(subject, families[place] ?? '', orderOfKey(item.sk)),
  }));
};

const dropOnce = async (profile: Table, items: readonly Item[]): Promise<void> => {
  const places = items.flatMap(placesOf);
  const writes: Write[] = [];
  for (const { key } of places) {
    const there = await profile.get(key, { consistent: true });
    if (there?.sealed !== undefined) writes.push({ put: without(there) });
  }
  if (writes.length === 0) return;
  // Whoever folds one of the records now has read what is dropped here: the version of its HEAD makes them read again.
  for (const subject of new Set(places.map((one) => one.subject))) {
    const head = await profile.get(headKey(subject), { consistent: true });
    const version = head?.version;
    if (head === undefined || typeof version !== 'number') continue;
    writes.push({ put: { ...head, version: version + 1 }, when: { kind: 'version', is: version } });
  }
  await profile.commit(writes);
};

/**
 * Takes what is sealed out of facts, in all their copies: they stand, and open as erased whoever holds a key. Repeating it changes
 * nothing.
 */
export const dropSealed = async (profile: Table, facts: readonly Item[]): Promise<void> => {
  // One that lies with two of the records comes twice.
  const once = new Map(facts.map((item) => [item.sk, item] as const));
  const sealed = [...once.values()].filter((item) => item.sealed !== undefined);
  for (let from = 0; from < sealed.length; from += factsAtOnce) {
    const some = sealed.slice(from, from + factsAtOnce);
    for (let tried = 1; ; tried += 1) {
      try {
        await dropOnce(profile, some);
        break;
      } catch (failure) {
        if (!(failure instanceof ConditionFailed || mayPass(failure)) || tried >= mostTries) throw failure;
        await sleep(Math.random() * 20 * tried);
      }
    }
  }
};
