import type { States } from '#shared/profile/rules/states.ts';
import { ByteReader, ByteWriter, packWithin } from './packed.ts';
import type { StoredSection } from './stored-section.ts';
import { packBudgets } from './view-budgets.ts';

/** Latest fact of each source, newest first. */
export type FreshnessView = readonly { readonly source: string; readonly lastFactAt: string }[];

/** The latest occurredAt by source over several families; decisions about links between records are no news of the customer. */
export const latestBySource = (states: States): FreshnessView => {
  const latest = new Map<string, string>();
  for (const [family, held] of states) {
    if (family === 'links') continue;
    for (const [source, at] of [held, held.ofParts].flatMap((one) => Object.entries(one?.sources ?? {}))) {
      const known = latest.get(source);
      if (known === undefined || known < at) latest.set(source, at);
    }
  }
  return [...latest]
    .map(([source, lastFactAt]) => ({ source, lastFactAt }))
    .sort((a, b) =>
      a.lastFactAt === b.lastFactAt ? (a.source < b.source ? -1 : 1) : a.lastFactAt > b.lastFactAt ? -1 : 1,
    );
};

/** Writes sources behind their count. */
export const writeSources = (writer: ByteWriter, sources: FreshnessView): ByteWriter =>
  writer.list(sources, ({ source, lastFactAt }) => {
    writer.text(source).instant(lastFactAt);
  });
export const readSources = (reader: ByteReader): FreshnessView =>
  reader.list(() => ({ source: reader.text(), lastFactAt: reader.instant() }));

export const packFreshness = (states: States): Uint8Array => {
  const sources = latestBySource(states);
  const most = Math.min(sources.length, 12);
  return packWithin(
    packBudgets.freshness,
    Array.from(
      { length: most + 1 },
      (_, dropped) => () => writeSources(new ByteWriter(), sources.slice(0, most - dropped)).bytes(),
    ),
  );
};

export const readFreshness = (bytes: Uint8Array): FreshnessView => readSources(new ByteReader(bytes));

export const freshnessSection: StoredSection = { place: 4, pack: packFreshness };
