import { DomainError } from '#shared/vocabulary/errors.ts';

/** Levels of a request body. */
const mostLevels = 10;

const refuse = (code: string, message: string): DomainError => new DomainError('syntax', code, message);

const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const loneSurrogate = /\p{Surrogate}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a body as the gateway hands it over; refuses base64 that is none, and more bytes than `most`. */
export const bodyBytes = (body: string, isBase64Encoded: boolean, most: number): Uint8Array => {
  if (isBase64Encoded && !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) {
    throw refuse('body.encoding', 'The body is not base64.');
  }
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > most) {
    throw new DomainError('too-large', 'body.too-large', `The body may have ${most} bytes at most.`);
  }
  return bytes;
};

const decode = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw refuse('body.encoding', 'The body must not start with a byte order mark.');
  }
  if (bytes.includes(0)) throw refuse('body.encoding', 'The body must be UTF-8 without NUL.');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new DomainError('syntax', 'body.encoding', 'The body is not UTF-8.', { cause });
  }
};

/** End of the JSON string that starts at `start` (its quote), in text known to be JSON. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};

const checkText = (text: string): void => {
  if (text.includes('\u0000')) throw refuse('json.text', 'A text must not hold NUL.');
  if (loneSurrogate.test(text)) throw refuse('json.text', 'A text must not hold half a surrogate pair.');
};

const checkNumber = (literal: string): void => {
  const value = Number(literal);
  if (!Number.isFinite(value)) throw refuse('json.number', 'A number is out of range.');
  if (/^-?[0-9]+$/.test(literal) && !Number.isSafeInteger(value)) {
    throw refuse('json.number', 'A whole number beyond 2^53 cannot be kept exactly; send it as text.');
  }
};

const numberAt = /-?[0-9][0-9.eE+-]*/y;

interface Level {
  readonly names: Set<string> | undefined;
  expectsName: boolean;
}

const nameLevel = (level: Level, name: string): void => {
  if (forbiddenNames.has(name)) throw refuse('json.forbidden-name', `A member must not be named ${name}.`);
  if (level.names?.has(name) === true) throw refuse('json.duplicate-name', 'A member stands twice in one object.');
  level.names?.add(name);
};

/** Walks text that is known to be JSON and refuses what JSON.parse lets pass. */
const scan = (text: string): void => {
  const levels: Level[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    const level = levels.at(-1);
    if (character === '"') {
      const end = endOfString(text, at);
      const value = String(JSON.parse(text.slice(at, end + 1)));
      checkText(value);
      if (level?.expectsName === true) nameLevel(level, value);
      at = end;
    } else if (character === '{' || character === '[') {
      levels.push({ names: character === '{' ? new Set() : undefined, expectsName: character === '{' });
      if (levels.length > mostLevels) {
        throw refuse('json.depth', `The body may be ${mostLevels} levels deep at most.`);
      }
    } else if (character === '}' || character === ']') levels.pop();
    else if (character === ':' && level !== undefined) level.expectsName = false;
    else if (character === ',' && level?.names !== undefined) level.expectsName = true;
    else if (character === '-' || (character !== undefined && character >= '0' && character <= '9')) {
      numberAt.lastIndex = at;
      const literal = numberAt.exec(text)?.[0] ?? character;
      checkNumber(literal);
      at += literal.length - 1;
    }
    at += 1;
  }
};

/**
 * Reads a JSON body: UTF-8 without byte order mark or NUL, at most 10 levels, no member twice or named
 * `__proto__`, `constructor` or `prototype`, no half surrogate pair, no number that would be changed. Else DomainError (400).
 */
export const parseJsonBody = (bytes: Uint8Array): unknown => parseJsonText(decode(bytes));

/** As parseJsonBody, of text. */
export const parseJsonText = (text: string): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('syntax', 'json.syntax', 'The body is not JSON.', { cause });
  }
  scan(text);
  return value;
};

/** Whether a content type is JSON in UTF-8: `application/json`, or `…+json`. */
export const isJsonType = (contentType: string | undefined): boolean => {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type === undefined || !/^application\/([a-z0-9.-]+\+)?json$/.test(type)) return false;
  return parameters.every((parameter) => parameter === '' || /^charset="?utf-8"?$/.test(parameter));
};
