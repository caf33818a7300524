import { refusePattern } from './refuse.ts';

/** A piece of a wildcard: a literal character, or `*` for any characters. */
export const star = Symbol('*');
export type WildcardToken = string | typeof star;

const utf8 = new TextEncoder();

/** Where EventBridge counts a fault: in the bytes of the quoted text. */
const bytePosition = (text: string, index: number): number => utf8.encode(text.slice(0, index)).length + 1;

/** Reads a wildcard: `*` is any characters, `\*` and `\\` are themselves. */
export const readWildcard = (text: string, pointer: string): readonly WildcardToken[] => {
  const tokens: WildcardToken[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    const next = text.charAt(index + 1);
    if (sign === '*') {
      if (next === '*')
        refusePattern('value', pointer, `Consecutive wildcard characters at pos ${bytePosition(text, index)}`);
      tokens.push(star);
    } else if (sign === '\\') {
      if (next !== '*' && next !== '\\')
        refusePattern('value', pointer, `Invalid escape character at pos ${bytePosition(text, index)}`);
      tokens.push(next);
      index += 1;
    } else tokens.push(sign);
  }
  return tokens;
};

/** The literal runs between the stars. */
const runsOf = (tokens: readonly WildcardToken[]): readonly string[] => {
  const runs = [''];
  for (const token of tokens) {
    if (token === star) runs.push('');
    else runs[runs.length - 1] += token;
  }
  return runs;
};

/** Whether a text fits; each run between stars is taken where it is found first, so the time is that of a search. */
export const wildcardTest = (tokens: readonly WildcardToken[]): ((text: string) => boolean) => {
  const runs = runsOf(tokens);
  const [head = '', ...others] = runs;
  const tail = others.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    if (!text.startsWith(head)) return false;
    let at = head.length;
    for (const run of others) {
      const found = text.indexOf(run, at);
      if (found < 0) return false;
      at = found + run.length;
    }
    return text.length - tail.length >= at && text.endsWith(tail);
  };
};
