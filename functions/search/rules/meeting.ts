import { doubleMetaphone } from '#shared/text/double-metaphone.ts';
import { nicknameGroups, shareNickname } from '#shared/text/nicknames.ts';
import { damerauLevenshtein, jaroWinkler } from '#shared/text/similarity.ts';
import { hasDigit, lettersOf } from '#shared/text/words.ts';

/** Letters from which on two edits still are a typo. */
const longWord = 8;
const shortestForOneEdit = 3;

/** Words that sound alike must also look a little alike: codes of short words ("Ann", "Ian") meet too easily. */
const leastLikenessOfSound = 0.65;

const editsAllowed = (asked: number, kept: number): number => {
  const shorter = Math.min(asked, kept);
  const longer = Math.max(asked, kept);
  if (shorter >= longWord) return 2;
  return shorter >= shortestForOneEdit && longer > shortestForOneEdit ? 1 : 0;
};

const soundsAlike = (asked: string, kept: string): boolean => {
  const codes = new Set(doubleMetaphone(asked).filter((code) => code !== ''));
  return doubleMetaphone(kept).some((code) => codes.has(code));
};

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** How well a word meets one that it may be a slip of the pen for, 0 where the two are too far apart. */
export const typoMeeting = (asked: string, kept: string): number => {
  if (hasDigit(asked) || hasDigit(kept)) return 0;
  const [askedLetters, keptLetters] = [lettersOf(asked).length, lettersOf(kept).length];
  const edits = editsAllowed(askedLetters, keptLetters);
  const near = edits > 0 && Math.abs(askedLetters - keptLetters) <= edits && damerauLevenshtein(asked, kept) <= edits;
  return near ? round(0.6 + 0.3 * jaroWinkler(asked, kept)) : 0;
};

/**
 * How well a word that is kept meets a word that was asked, both folded; 0 where it does not, 1 where they are equal.
 * Beginning 0.80 to 0.92, typo up to 0.90, sound up to 0.85, initial 0.60. Words with digits meet only as they are.
 */
export const wordMeeting = (asked: string, kept: string): number => {
  if (asked === kept) return 1;
  if (hasDigit(asked) || hasDigit(kept)) return 0;
  const askedLetters = lettersOf(asked).length;
  const keptLetters = lettersOf(kept).length;
  if (askedLetters === 1 || keptLetters === 1) return asked.startsWith(kept) || kept.startsWith(asked) ? 0.6 : 0;
  if (kept.startsWith(asked)) return round(0.8 + (0.12 * askedLetters) / keptLetters);
  const typo = typoMeeting(asked, kept);
  if (typo > 0) return typo;
  const likeness = jaroWinkler(asked, kept);
  return likeness >= leastLikenessOfSound && soundsAlike(asked, kept) ? round(0.55 + 0.3 * likeness) : 0;
};

/** How well names meet of which one is a short or other form of the other. */
const nicknameMeeting = 0.9;

/** The same of words of names, where Bill is a William. */
export const nameMeeting = (asked: string, kept: string): number => {
  const written = wordMeeting(asked, kept);
  if (written >= nicknameMeeting) return written;
  return shareNickname(nicknameGroups(asked), nicknameGroups(kept)) ? nicknameMeeting : written;
};

type Meeting = (asked: string, kept: string) => number;

/** A measure, which remembers: one search compares the same words again and again. */
export const rememberingMeeting = (measure: Meeting): Meeting => {
  const known = new Map<string, number>();
  return (asked, kept) => {
    const name = `${asked} ${kept}`;
    const value = known.get(name) ?? measure(asked, kept);
    known.set(name, value);
    return value;
  };
};
