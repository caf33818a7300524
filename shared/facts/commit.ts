import type { Head } from '#shared/profile/store/items.ts';
import { toldElsewhere } from '#shared/profile/store/meters-elsewhere.ts';
import { isLost, rebuildMerged } from '#shared/profile/store/rebuild-merged.ts';
import { refoldSubject } from '#shared/profile/store/refold.ts';
import { type LoadedSubject, loadHead, loadStored } from '#shared/profile/store/subjects.ts';
import { renderView, viewWrites } from '#shared/profile/store/view-writes.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { type CommitDeps, headWrite, oncePerKey } from './commit-plan.ts';
import type { CommitRequest } from './one-transaction.ts';
import { type OpenCommit, openCommit } from './open-commit.ts';
import { refoldOlder, refuseNewer } from './plan-commit.ts';
import { retrying } from './tries.ts';

/** The commit of facts: the only writer of FACT, STATE, CKPT and VIEW items. */
export interface Committer {
  /** Opens a commit of facts: nothing is written before its caller does. */
  open(request: CommitRequest): OpenCommit;
  /**
   * Folds every family anew from its facts alone and writes what differs; publishes nothing. A merge or undoing that is under way
   * is brought to its end before, if others let it. A dry run only looks. Answers whether anything but checkpoints was otherwise
   * than it should be.
   */
  refold(subject: string, dryRun?: boolean): Promise<boolean>;
  /** Sets the readers of a premise for one account and puts their digests. */
  placeReaders(premise: string, account: string, customers: readonly string[]): Promise<boolean>;
  /** Sets what a premise knows of where its meters are told of elsewhere, and puts its digests. */
  placeMeters(premise: string): Promise<boolean>;
  /**
   * Brings a merge or undoing that a commit has marked on this customer to its end; nothing where none is under way. Answers
   * whether nothing is left to do: false where `until`, in milliseconds of the clock, came first. Another call goes on from there.
   */
  rebuild(customer: string, until?: number): Promise<boolean>;
}

export const createCommitter = (deps: CommitDeps): Committer => {
  /** Puts what a premise's HEAD says of its readers and of elsewhere, with the digests that this makes. */
  const putReaders = async (loaded: LoadedSubject, said: Head, pairs = said.pairs): Promise<void> => {
    const rendered = renderView(loaded.subject, loaded.states, said, deps.today(), pairs);
    const head = { ...said, ...rendered.head, version: loaded.head.version + 1 };
    await deps.profile.commit(oncePerKey([headWrite(loaded, head), ...viewWrites(rendered)]));
  };

  const placeReaders: Committer['placeReaders'] = (premise, account, customers) =>
    retrying(deps, async () => {
      const loaded = await loadStored(deps.profile, premise);
      refuseNewer(loaded);
      if (await refoldOlder(deps, [loaded])) return 'again';
      if (!loaded.exists) return false;
      const others = loaded.head.pairs.filter(([, holder]) => holder !== account);
      const pairs = [...others, ...customers.map((customer) => [customer, account] as const)].sort(([, a], [, b]) =>
        a < b ? -1 : a > b ? 1 : 0,
      );
      if (JSON.stringify(pairs) === JSON.stringify(loaded.head.pairs)) return false;
      await putReaders(loaded, loaded.head, pairs);
      return true;
    });

  const placeMeters: Committer['placeMeters'] = (premise) =>
    retrying(deps, async () => {
      const loaded = await loadStored(deps.profile, premise);
      refuseNewer(loaded);
      if (await refoldOlder(deps, [loaded])) return 'again';
      if (!loaded.exists) return false;
      const elsewhere = await toldElsewhere(deps.profile, premise, loaded.states);
      if (canonicalJson(elsewhere) === canonicalJson(loaded.head.elsewhere)) return false;
      await putReaders(loaded, { ...loaded.head, elsewhere });
      return true;
    });

  const rebuild: Committer['rebuild'] = (customer, until) => rebuildMerged({ ...deps, placeReaders, until }, customer);

  /** A merge or undoing that somebody left is ended; one that others are at is left to them. */
  const endMerge = async (subject: string, until?: number): Promise<void> => {
    try {
      await rebuild(subject, until);
    } catch (failure) {
      if (!isLost(failure)) throw failure;
    }
  };

  const refold: Committer['refold'] = async (subject, dryRun = false) => {
    const underWay = (await loadHead(deps.profile, subject)).rebuilding !== undefined;
    if (underWay && !dryRun) await endMerge(subject);
    const wrong = await retrying(deps, async () => {
      const loaded = await loadStored(deps.profile, subject);
      refuseNewer(loaded);
      return refoldSubject(deps, loaded, dryRun);
    });
    return underWay || wrong;
  };

  return { open: (request) => openCommit({ ...deps, endMerge }, request), refold, placeReaders, placeMeters, rebuild };
};
