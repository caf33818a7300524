import { createHmac } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const periodMs = 30_000;

/** Bytes of a secret as authenticators are told it: Base32 (RFC 4648, section 6), spaces and padding left out. */
const bytesOf = (secret: string): Buffer => {
  const bits = [...secret.toUpperCase().replaceAll(/[\s=]/g, '')].map((letter) => {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new RangeError('a secret in Base32');
    return value.toString(2).padStart(5, '0');
  });
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

/** The six digits that an authenticator shows at a moment: RFC 6238 with SHA-1 and half minutes, which Cognito takes. */
export const totp = (secret: string, nowMs: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / periodMs)));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
};
