import { expect, it } from 'vitest';
import { totp } from '#scripts/deployed/totp.ts';

/** `12345678901234567890`, the secret of RFC 6238, appendix B, in Base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i seconds an authenticator shows %s, as RFC 6238 has it', (seconds, digits) => {
  expect(totp(secret, seconds * 1000)).toBe(digits);
});

it('takes a secret as people write it, and refuses what is none', () => {
  expect(totp('gezd gnbv gy3t qojq gezd gnbv gy3t qojq', 59_000)).toBe('287082');
  expect(() => totp('not a secret!', 0)).toThrow('Base32');
});
