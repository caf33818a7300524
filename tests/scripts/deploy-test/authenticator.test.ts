import { expect, it } from 'vitest';
import { codeOf } from '#scripts/deploy-test/authenticator.ts';

// RFC 6238, appendix B, the last six digits; the secret is `12345678901234567890` in base32.
it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('an authenticator shows at %i seconds what the standard says', (seconds, code) => {
  expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code);
});
