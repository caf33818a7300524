/** How files begin that are packed (RFC 1952; APPNOTE of ZIP; the formats' own descriptions), as bytes. */
const signatures: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf]],
];

/** Bytes of a file's beginning that tell how it is packed. */
export const packingBytes = 6;

/** How a file is packed, by its beginning: only `gzip` is read. Undefined where it is not packed in a way that is known. */
export const packingOf = (beginning: Uint8Array): string | undefined =>
  signatures.find(([, bytes]) => bytes.every((byte, at) => beginning[at] === byte))?.[0];
