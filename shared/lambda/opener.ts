import type { Base, Bodies, Body, Parts } from '#functions/capability.ts';
import type { FactStore } from '#shared/facts/fact-store.ts';
import { IncompleteSettings, readSettings, type SettingName, type Settings } from '#shared/runtime/settings.ts';
import { openRuntime, type Runtime } from './invocation.ts';

/**
 * How a body is made on AWS. Called while the function starts: it reads its settings and throws where one is missing. What it
 * answers is called at the first event, and again where that failed.
 */
export type Opener<Name extends Body> = (base: Base) => () => Bodies[Name] | Promise<Bodies[Name]>;
export type Openers<Needed extends Body> = { readonly [Name in Needed]: Opener<Name> };

/** A function while it starts: its own settings, its runtime, and how all that it runs is made of is opened, side by side. */
export interface Starting<Needed extends Body, Own extends SettingName> {
  readonly settings: Pick<Settings, Own>;
  readonly runtime: Runtime;
  /** What keeps facts is among it where it is needed. */
  readonly open: () => Promise<Parts<Needed> & Partial<FactStore>>;
}

/**
 * Starts a function by its house name: reads the settings of its own and of every body it needs. Throws IncompleteSettings that
 * names all that are missing, whoever needs them.
 */
export const startFunction = <Needed extends Body, Own extends SettingName>(
  service: string,
  openers: Openers<Needed>,
  own: readonly (Own | 'stage')[],
): Starting<Needed, Own | 'stage'> => {
  const complaints: string[] = [];
  const complaining = <Read>(read: () => Read): Read | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof IncompleteSettings)) throw error;
      complaints.push(...error.complaints);
      return undefined;
    }
  };
  const settings = complaining(() => readSettings(own));
  const watched = complaining(() => readSettings(['watching']));
  const runtime = openRuntime(service, settings?.stage ?? 'unknown', watched?.watching ?? 'all');
  const ready = Object.values<Opener<Body>>(openers).flatMap((opener) => complaining(() => [opener(runtime)]) ?? []);
  if (settings === undefined || complaints.length > 0) throw new IncompleteSettings([...new Set(complaints)]);
  const open = async () => {
    const bodies = await Promise.all(ready.map((one) => one()));
    // Each opener of the record has made the body of its name: the record's type says so, and a list cannot.
    return Object.assign({}, runtime, ...bodies) as Parts<Needed> & Partial<FactStore>;
  };
  return { settings, runtime, open };
};
