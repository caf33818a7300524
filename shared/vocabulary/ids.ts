import * as z from 'zod';

/** Prefix of every id, by what it names. An id is `<prefix>_` and 26 Crockford base 32 characters (130 bits). */
export const idPrefixes = {
  customer: 'cus',
  account: 'acc',
  premise: 'prm',
  servicePoint: 'svp',
  meter: 'mtr',
  agreement: 'agr',
  bill: 'bil',
  payment: 'pay',
  case: 'cas',
  outage: 'out',
  interaction: 'int',
  import: 'imp',
  replay: 'rpl',
  contactPoint: 'cpt',
  merge: 'mrg',
  duplicate: 'dup',
  fact: 'fct',
  quarantine: 'qar',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Kinds of thing whose facts are kept together in one partition. */
export const subjectKinds = ['customer', 'account', 'premise', 'outage', 'case'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** The 26 characters behind an id's prefix. */
export const idBody = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Schema of an id of one kind, e.g. `cus_01J…`. */
export const id = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`), `must be a ${kind} id (${idPrefixes[kind]}_…)`)
    .describe(`Id of a ${kind}: ${idPrefixes[kind]}_ and 26 Crockford characters.`);

const kindByPrefix = new Map<string, IdKind>(
  (Object.keys(idPrefixes) as IdKind[]).map((kind) => [idPrefixes[kind], kind]),
);

/** The kind an id speaks of, or undefined where the text is no id. */
export const kindOf = (text: string): IdKind | undefined => {
  const cut = text.indexOf('_');
  if (cut !== 3 || !idBody.test(text.slice(4))) return undefined;
  return kindByPrefix.get(text.slice(0, cut));
};

/** The 26 characters of an id, for keys and packed items whose place tells the kind. */
export const bodyOf = (text: string): string => text.slice(4);

/** The id of a kind from its 26 characters. */
export const idFrom = (kind: IdKind, body: string): string => `${idPrefixes[kind]}_${body}`;
