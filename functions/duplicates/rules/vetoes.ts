import { missing, type PairLevels, slots } from './compare-pair.ts';
import { evidence, slotOf } from './evidence.ts';

const [generation, gender, given] = [slotOf('generation'), slotOf('gender'), slotOf('given')];
const strongSlots = (['given', 'family', 'birthDate', 'nationalId', 'phone', 'email'] as const).map(slotOf);

const levelAt = (pairs: PairLevels, pair: number, slot: number): number => pairs.levels[pair * slots + slot] ?? missing;
const isElse = (pairs: PairLevels, pair: number, slot: number): boolean =>
  levelAt(pairs, pair, slot) === (evidence[slot]?.expected.length ?? 0) - 1;

/** Why two records are two persons, however alike they are. */
export type LevelVeto = 'generation' | 'gender';

/** What no likeness outweighs: senior and junior are two, and so are a man and a woman who are not of one given name ("Mr J", "Mrs J"). */
export const vetoOf = (pairs: PairLevels, pair: number): LevelVeto | undefined => {
  if (levelAt(pairs, pair, generation) > 1) return 'generation';
  return levelAt(pairs, pair, gender) > 0 && levelAt(pairs, pair, given) !== 0 ? 'gender' : undefined;
};

export const isVetoed = (pairs: PairLevels, pair: number): boolean => vetoOf(pairs, pair) !== undefined;

const name = [slotOf('given'), slotOf('family')] as const;
const fullyEqual = (pairs: PairLevels, pair: number, slot: number): boolean => levelAt(pairs, pair, slot) === 0;

const isNamesake = (pairs: PairLevels, pair: number): boolean => name.every((slot) => fullyEqual(pairs, pair, slot));

/** Independent things that agree in full: the whole name counts as one. */
const strongAgreements = (pairs: PairLevels, pair: number): number => {
  const whole = isNamesake(pairs, pair) ? 1 : 0;
  const others = strongSlots.filter((slot) => !name.includes(slot) && fullyEqual(pairs, pair, slot));
  return whole + others.length;
};

/** What forbids linking without a person looking: another name, date of birth, national identifier, gender or holder. */
const contradicting = (['given', 'initial', 'family', 'birthDate', 'nationalId', 'gender', 'holder'] as const).map(
  slotOf,
);
const birthDate = slotOf('birthDate');
/** What a twin does not have too, as they have birthday, family name, phone and home. */
const own = (['given', 'email', 'nationalId'] as const).map(slotOf);

/** One record alone says senior or junior, and no date of birth says that it is the same person all the same. */
const halfSaid = (pairs: PairLevels, pair: number): boolean =>
  levelAt(pairs, pair, generation) === 1 && !fullyEqual(pairs, pair, birthDate);

export type Band = 'auto' | 'steward' | 'separate';

const autoFrom = 0.999;
const stewardFrom = 0.9;

const home = ['street', 'number', 'town', 'postcode'] as const;
const homeSlots = home.map(slotOf);
const street = slotOf('street');

/** Whether two records say the same address: the street, and nothing else of it differs. */
const sameHome = (pairs: PairLevels, pair: number): boolean =>
  fullyEqual(pairs, pair, street) && homeSlots.every((slot) => levelAt(pairs, pair, slot) <= 0);

/**
 * Which of three bands a pair falls in: may be linked by itself, a steward looks, or two persons. By itself only what is nearly sure,
 * agrees in two independent things, one of them a person's own, and contradicts itself in none. A steward also looks at two of one name at one address, whatever
 * else differs: father and son, or one person with a wrong date of birth, which records alone never tell.
 */
export const bandOf = (pairs: PairLevels, pair: number, probability: number): Band => {
  if (isVetoed(pairs, pair)) return 'separate';
  if (probability < stewardFrom) return isNamesake(pairs, pair) && sameHome(pairs, pair) ? 'steward' : 'separate';
  const plain =
    strongAgreements(pairs, pair) >= 2 &&
    own.some((slot) => fullyEqual(pairs, pair, slot)) &&
    !contradicting.some((slot) => isElse(pairs, pair, slot)) &&
    !halfSaid(pairs, pair);
  return probability >= autoFrom && plain ? 'auto' : 'steward';
};
