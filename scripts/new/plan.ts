import type { Draft } from './draft.ts';

/** What the project has already, by the names that something new may not have. */
export interface Known {
  readonly capabilities: ReadonlySet<string>;
  readonly factTypes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
  /** `GET /v1/customers/{id}` */
  readonly routes: ReadonlySet<string>;
}

/** What a command is given to work with. */
export interface Ground {
  readonly draft: Draft;
  readonly known: Known;
}

/** What is left to do by hand, in order, a sentence each. */
export type Left = readonly string[];

/** Folder of a capability, from the root. */
export const folderOf = (capability: string): string => `functions/${capability}`;
export const wiringOf = (capability: string): string => `${folderOf(capability)}/capability.ts`;
export const readmeOf = (capability: string): string => `${folderOf(capability)}/README.md`;
/** The family that a capability folds; names of families are letters alone, since a query joins them by commas. */
export const familyOf = (capability: string): string => capability.replaceAll('-', '');
/** Where that family is folded. */
export const rulesOf = (capability: string): string => `${folderOf(capability)}/rules/${capability}.ts`;
/** What its facts speak of. */
export const spokenOf = (capability: string): string => `${folderOf(capability)}/rules/spoken-of.ts`;

/** A file of the manifest, and the list in it. */
interface ManifestFile {
  readonly path: string;
  readonly list: string;
}

/** Files of the manifest, by the field of work their functions are of, and the constant each has. */
const fields = {
  customers: 'customerFunctions',
  metering: 'meteringFunctions',
  operations: 'operatingFunctions',
} as const;
/** The one that has functions of customers: what follows profiles, and what a new capability brings. */
export const customerFunctions: ManifestFile = { path: 'functions/manifest/customers.ts', list: fields.customers };
/** Where most of what runs of a capability stands in the manifest, or would. */
export const manifestOf = (draft: Draft, capability: string): ManifestFile => {
  const runsIn = ({ path }: ManifestFile): number => draft.read(path).split(`'${capability}.`).length;
  return Object.entries(fields)
    .map(([field, list]): ManifestFile => ({ path: `functions/manifest/${field}.ts`, list }))
    .reduce((most, one) => (runsIn(one) > runsIn(most) ? one : most), customerFunctions);
};
