import { createHash } from 'node:crypto';

/** Namespace of Rotunda's resources: the UUID of `urn:rotunda:resource` in RFC 9562's namespace of URLs. */
const namespace = Buffer.from('9846f89b5a7f5783be86aab1605f5e88', 'hex');

/** The UUID of a name: SHA-1 over the namespace and the name (RFC 9562, version 5). The same name is always the same UUID. */
export const uuidOfName = (name: string, within: Uint8Array = namespace): string => {
  const hash = createHash('sha1').update(within).update(name, 'utf8').digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
