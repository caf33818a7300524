import type { capabilities } from '#functions/capabilities.ts';

type Capabilities = typeof capabilities;

/** Constants of a `capability.ts` that run. */
type RunsIn<Capability> = {
  [Name in keyof Capability]: Capability[Name] extends { readonly needs: readonly unknown[] } ? Name : never;
}[keyof Capability] &
  string;

/** Name of something that runs: `<capability>.<constant>`. */
export type RunName = {
  [Folder in keyof Capabilities]: `${Folder}.${RunsIn<Capabilities[Folder]>}`;
}[keyof Capabilities];

/** What runs under a name. */
export type RunNamed<Name> = Name extends `${infer Folder extends keyof Capabilities}.${infer Constant}`
  ? Capabilities[Folder][Constant & keyof Capabilities[Folder]]
  : never;
