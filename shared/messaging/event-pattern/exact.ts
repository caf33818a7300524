import { readAddress } from './addresses.ts';
import { type Alternative, leafAlternative, textAlternative } from './alternative.ts';
import { comparable, eventNumber } from './numbers.ts';

/** A text; where it is an IP address, any way to write that address. */
export const exactText = (text: string): Alternative => {
  const address = readAddress(text);
  if (address === undefined) return textAlternative(`"${text}"`, (other) => other === text);
  return textAlternative(`"${text}"`, (other) => {
    const candidate = readAddress(other);
    return candidate?.bits === address.bits && candidate.value === address.value;
  });
};

/** Whether two numbers are one to EventBridge: by value where both can be compared, else by spelling. */
export const numberTest = (text: string): ((other: string) => boolean) => {
  const value = comparable(text)?.value;
  return (other) => {
    const candidate = eventNumber(other);
    return candidate === text || (value !== undefined && comparable(candidate)?.value === value);
  };
};

export const exactNumber = (text: string): Alternative => {
  const test = numberTest(text);
  return leafAlternative(String(comparable(text)?.value ?? text), (leaf) => leaf.kind === 'number' && test(leaf.text));
};

/** true, false or null. */
export const exactLiteral = (text: string): Alternative =>
  leafAlternative(text, (leaf) => leaf.kind === 'literal' && leaf.text === text);
