import { createHash, randomBytes } from 'node:crypto';
import { type IdKind, idFrom } from '#shared/vocabulary/ids.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** First 130 bits as 26 Crockford base 32 characters. */
export const crockford26 = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < 26) {
      bits -= 5;
      text += alphabet[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
};

/** 26 characters of chance: the id of an audit entry, and of a request that brought none fit to use. */
export const newId = (): string => crockford26(randomBytes(17));

export const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest();

/** Id of a fact: SHA-256 over source system, NUL, source event id. The same event twice is one fact. */
export const factIdOf = (system: string, sourceEventId: string): string =>
  idFrom('fact', crockford26(sha256(`${system}\u0000${sourceEventId}`)));

/** Id of the thing a fact creates: SHA-256 over kind, NUL, id of the creating fact. */
export const mintedId = (kind: IdKind, creatingFact: string): string =>
  idFrom(kind, crockford26(sha256(`${kind}\u0000${creatingFact}`)));

/** Id of an entry in quarantine: SHA-256 over source, NUL, reason, NUL, bytes. The same bytes for the same reason are one entry. */
export const quarantineIdOf = (source: string, reason: string, raw: Uint8Array): string =>
  idFrom(
    'quarantine',
    crockford26(createHash('sha256').update(`${source}\u0000${reason}\u0000`, 'utf8').update(raw).digest()),
  );

/** Id of what a text tells whole: SHA-256 over it. */
export const idOfText = (kind: IdKind, text: string): string => idFrom(kind, crockford26(sha256(text)));
