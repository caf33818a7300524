import * as z from 'zod';
import {
  digest,
  disputes,
  eraseAgain,
  findDuplicates,
  groundless,
  quarantine,
  redrive,
  replay,
  replayStatus,
  revokeMeter,
  stopReplay,
  trainMatch,
} from '#shared/contracts/local/ops.ts';
import type { OperatorAct, OperatorActName } from '#shared/vocabulary/acts.ts';
import { Reason } from '#shared/vocabulary/reason.ts';

/** Acts that the operator of a deployed stage asks its functions for, with the contracts they have on one machine. */
export const operatorActs = {
  digest,
  quarantine,
  groundless,
  disputes,
  redrive,
  replay,
  'replay-status': replayStatus,
  'replay-stop': stopReplay,
  'erase-again': eraseAgain,
  'revoke-meter': revokeMeter,
  'match-train': trainMatch,
  'find-duplicates': findDuplicates,
} as const satisfies { readonly [Name in OperatorActName]?: { readonly act: OperatorAct<Name> } };
/** Acts that functions of a stage do; what is left of the operator's is done on one machine alone. */
export type StageActName = keyof typeof operatorActs;

/**
 * The functions of a stage that do the operator's acts, each with its own. Both redrive: `operations-parked` what readers, queues
 * and rules gave up, `operations` what is kept in quarantine or waits. `operations-match` holds the
 * stored customers against each other.
 */
export interface ActsOfFunction {
  readonly operations:
    | 'digest'
    | 'quarantine'
    | 'groundless'
    | 'disputes'
    | 'redrive'
    | 'replay'
    | 'replay-status'
    | 'replay-stop'
    | 'erase-again';
  readonly 'operations-parked': 'redrive' | 'revoke-meter';
  readonly 'operations-match': 'match-train' | 'find-duplicates';
}
export type OperatorFunction = keyof ActsOfFunction;

/**
 * What such a function is invoked with. A long act is done in steps: each answers what came of it so far, and `next` goes into the
 * following invocation as `from`, until there is none.
 */
export const Invocation = z.strictObject({
  act: z.string().max(40),
  input: z.unknown().default({}),
  /**
   * Whom the caller says they are: the ARN that STS told them. No proof, since Lambda does not tell a function who called it; the
   * proof is CloudTrail's record of the invocation, whose request id is that of the audit entry.
   */
  actor: z.string().regex(/^[\x21-\x7e]{1,256}$/, 'is no ARN'),
  /** Why; acts that change something are not done without. */
  reason: Reason.optional(),
  from: z.string().max(5_000_000).optional(),
});
export type Invocation = z.input<typeof Invocation>;

/** What one step answers: the act's own answer so far, and where to go on; or why not. */
export const StepAnswer = z.union([
  z.strictObject({ answer: z.unknown(), next: z.string().optional() }),
  z.strictObject({
    problem: z.looseObject({
      status: z.int(),
      code: z.string(),
      title: z.string(),
      detail: z.string(),
      errors: z
        .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
        .readonly()
        .optional(),
    }),
  }),
]);
export type StepAnswer = z.infer<typeof StepAnswer>;
