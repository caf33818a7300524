export const atom = 'http://www.w3.org/2005/Atom';
export const espi = 'http://naesb.org/espi';
export const espiCustomer = 'http://naesb.org/espi/customer';

/** What an entry links to, by relation; hrefs as `pathOf` makes them. */
export interface EntryLinks {
  self?: string;
  up?: string;
  readonly related: string[];
}

/** A resource of a feed: its kind, its own path, its leaf elements by their path within it, e.g. `ServiceCategory/kind`. */
export interface EspiResource {
  readonly kind: string;
  readonly path: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** A link without scheme, host and query: relative and absolute ones of one custodian become one form. */
export const pathOf = (href: string): string =>
  href
    .trim()
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/, '')
    .replace(/[?#].*$/, '')
    .replace(/^\/+|\/+$/g, '');

/** What is left of `/kind` in a path: the path of the parent of a collection. */
export const before = (path: string, kind: string): string | undefined => {
  const at = `/${path}`.lastIndexOf(`/${kind}`);
  return at < 0 ? undefined : path.slice(0, Math.max(0, at - 1));
};

/** `ReadingType/07` of whatever path: reading types and local times are named in one place of a custodian. */
export const sharedKey = (path: string, kind: 'ReadingType' | 'LocalTimeParameters'): string | undefined => {
  const [name, id] = path.split('/').slice(-2);
  return name === kind && id !== undefined ? `${name}/${id}` : undefined;
};
