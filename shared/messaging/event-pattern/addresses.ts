import { refusePattern } from './refuse.ts';

/** An IP address as a number; addresses of the two families never equal each other. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

const v4Form = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const v6Form = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;

const numberOf = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((value, part) => (value << width) | BigInt(part), 0n);

/** Octets are decimal, also with leading zeros. */
const readV4 = (text: string): Address | undefined => {
  const octets = text.split('.').map(Number);
  return octets.some((octet) => octet > 255) ? undefined : { bits: 32, value: numberOf(octets, 8n) };
};

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

const readV6 = (text: string): Address | undefined => {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [groupsOf(halves[0] ?? ''), groupsOf(halves[1] ?? '')];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  return { bits: 128, value: numberOf(numbers, 16n) };
};

/** An address as EventBridge reads one: dotted decimal, or groups of hex digits (no zone, no dotted tail). */
export const readAddress = (text: string): Address | undefined => {
  if (v4Form.test(text)) return readV4(text);
  return v6Form.test(text) ? readV6(text) : undefined;
};

export interface Block {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** A CIDR block; bits of the host in its address are let go. */
export const readBlock = (text: string, pointer: string): Block => {
  const [head = '', mask, ...rest] = text.split('/');
  const refuse = (reason: string): never => refusePattern('value', pointer, reason);
  if (mask === undefined || mask === '' || rest.length > 0) return refuse("Malformed CIDR, one '/' required");
  if (!/^[+-]?[0-9]{1,10}$/.test(mask)) return refuse('Malformed CIDR, mask bits must be an integer');
  const length = Number(mask);
  if (length < 0) return refuse('Malformed CIDR, mask bits must not be negative');
  if (!v4Form.test(head) && !v6Form.test(head)) return refuse(`Nonstandard IP address: ${head}`);
  const address = readAddress(head) ?? refuse(`Invalid IP address: ${head}`);
  if (length >= address.bits)
    return refuse(`${address.bits === 32 ? 'IPv4' : 'IPv6'} mask bits must be < ${address.bits}`);
  const size = 1n << BigInt(address.bits - length);
  const first = (address.value / size) * size;
  return { bits: address.bits, first, last: first + size - 1n };
};

export const isInBlock = (block: Block, address: Address): boolean =>
  address.bits === block.bits && address.value >= block.first && address.value <= block.last;
