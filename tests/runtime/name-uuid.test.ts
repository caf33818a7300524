import { describe, expect, it } from 'vitest';
import { uuidOfName } from '#shared/runtime/name-uuid.ts';

const named = (hex: string): Uint8Array => Buffer.from(hex.replaceAll('-', ''), 'hex');
const urls = named('6ba7b811-9dad-11d1-80b4-00c04fd430c8');
const hosts = named('6ba7b810-9dad-11d1-80b4-00c04fd430c8');

describe('the UUID of a name', () => {
  it('is that of RFC 9562 and of other programs', () => {
    expect(uuidOfName('www.example.com', hosts)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(uuidOfName('http://example.com/', urls)).toBe('0a300ee9-f9e4-5697-a51a-efc7fafaba67');
  });

  it('is one for a name, and another for another name', () => {
    expect(uuidOfName('UsagePoint/a')).toBe(uuidOfName('UsagePoint/a'));
    expect(uuidOfName('UsagePoint/a')).not.toBe(uuidOfName('UsagePoint/b'));
    expect(uuidOfName('x')).toBe(uuidOfName('x', named(uuidOfName('urn:rotunda:resource', urls))));
  });
});
