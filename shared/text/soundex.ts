const codes: ReadonlyMap<string, string> = new Map(
  [
    ['bfpv', '1'],
    ['cgjkqsxz', '2'],
    ['dt', '3'],
    ['l', '4'],
    ['mn', '5'],
    ['r', '6'],
  ].flatMap(([letters = '', code = '']) => Array.from(letters, (letter) => [letter, code] as const)),
);

/** American Soundex of a folded word: its first letter and three digits. Other letters than Latin stand for themselves. */
export const soundex = (word: string): string => {
  let [key, last] = ['', ''];
  for (const letter of word) {
    const code = codes.get(letter) ?? '';
    if (key === '') key = letter;
    else if (code !== '' && code !== last) key += code;
    // h and w part nothing; a vowel lets the same sound count again.
    if (letter !== 'h' && letter !== 'w') last = code;
    if (key.length === 4) break;
  }
  return key.padEnd(4, '0');
};
