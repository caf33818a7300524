import { DomainError } from '#shared/vocabulary/errors.ts';

/** Names are paths of plain parts: letters, digits, `.`, `_`, `=`, `-`; no part begins with a dot. */
const namePattern = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]*(\/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*$/;

/** Throws TypeError for a name that is none; a name never leads out of the folder objects are kept in. */
export const checkObjectName = (name: string): void => {
  if (name.length > 512 || !namePattern.test(name)) throw new TypeError(`not the name of an object: ${name}`);
};

export const objectTaken = (name: string): DomainError =>
  new DomainError('conflict', 'object.taken', `there is an object ${name}`);

export const objectRetained = (name: string, until: string): DomainError =>
  new DomainError('conflict', 'object.retained', `the object ${name} must not change before ${until}`);
