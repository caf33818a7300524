import { createHmac } from 'node:crypto';
import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { Source } from '#shared/contracts/facts/sources.ts';
import type { OutcomeOf } from '#shared/facts/fact-outcome.ts';
import { idNamespace } from '#shared/facts/grounds.ts';
import type { AwaitedThing } from '#shared/facts/quarantine.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { Country } from '#shared/text/phone.ts';
import type { FieldError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import type { PlacedFact } from './placed-fact.ts';
import type { Data, ResolveDeps } from './resolve-fact.ts';

/** Who sends a fact, as the door verified it. */
export interface Sender {
  /** `machine:billing`, `staff:…`, `customer:cus_…`, `system:…`: stands in the fact. */
  readonly actor: string;
  /** What is declared of a source system that it speaks for; undefined for every other, and for one that nobody declared. */
  readonly speaksFor: (system: string) => Source | undefined;
  /** May retract facts of any source. */
  readonly supervisor: boolean;
}

/** A fact that found its place, or what becomes of one that found none: it is still to be put there. */
export type Placement =
  | { readonly status: 'placed'; readonly placed: PlacedFact; readonly factId: string }
  | OutcomeOf<'waiting' | 'quarantined' | 'rejected'>;

export interface PlaceDeps extends ResolveDeps {
  /** Key of the content hash, so that personal data cannot be guessed from it. */
  readonly contentKey: Uint8Array;
  /** Country of phone numbers written without one. */
  readonly country: Country;
  /** Bounds of payments. */
  readonly payments: PaymentPolicy;
  /** The utility's zone: says on which date a fact occurred, but for the money of an account with a zone of its own. */
  readonly zone: string;
}

/** A JSON pointer of a path in a body. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export const fieldErrors = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string; readonly message: string }[],
  under: string,
): readonly FieldError[] =>
  issues.map((issue) => ({
    pointer: `${under}${pointerOf(issue.path)}`,
    code: issue.code ?? 'invalid',
    message: issue.message,
  }));

/** Hash of what a fact says, by which the same event with other content is told apart. */
export const contentHash = (deps: PlaceDeps, incoming: IncomingFact, data: Data): string =>
  createHmac('sha256', deps.contentKey)
    .update(canonicalJson([incoming.type, stored(incoming.occurredAt), incoming.sourceSequence, data]))
    .digest('base64url');

/** What a fact waits for, in words: `account billing:000123`. */
export const awaitedInWords = (awaited: AwaitedThing): string =>
  awaited.namespace === idNamespace
    ? `${awaited.kind} ${awaited.value}`
    : awaited.kind === 'head' || awaited.kind === 'fact'
      ? `${kindOf(awaited.value) ?? awaited.kind} ${awaited.value}`
      : `${awaited.kind} ${writeReference({ namespace: awaited.namespace, value: awaited.value })}`;

/** What becomes of a fact that names what is not known here yet. */
export const waiting = (factId: string, awaited: AwaitedThing): OutcomeOf<'waiting'> => ({
  status: 'waiting',
  factId,
  awaited,
  message: `Waits for ${awaitedInWords(awaited)}.`,
});
