import type * as z from 'zod';
import type { revokeMeter, trainMatch } from '#shared/contracts/local/ops.ts';
import type { OperatorActName, operatorActs } from '#shared/contracts/operations/invocation.ts';
import { type DigestParts, digestTables } from './digest-tables.ts';
import { type FindDuplicatesParts, findAllDuplicates } from './find-duplicates.ts';
import { type RedriveParts, redriveKept } from './redrive.ts';
import { type ReplayParts, replayFacts } from './replay.ts';
import { showQuarantine } from './show-quarantine.ts';
import type { IsOver, Step } from './step.ts';

type Contract<Name extends OperatorActName> = (typeof operatorActs)[Name];

/** Every act of the operator, bound to what it is made of: one without a contract, or a contract without one, does not compile. */
export type Acts = {
  readonly [Name in OperatorActName]: (
    input: z.output<Contract<Name>['input']>,
    from: string | undefined,
    isOver: IsOver,
  ) => Promise<Step<z.input<Contract<Name>['answer']>>>;
};

export type ActParts = DigestParts &
  RedriveParts &
  ReplayParts &
  FindDuplicatesParts & {
    /** Learns the matcher's weights from the stored customers, and keeps them. */
    readonly trainMatch: () => Promise<z.input<typeof trainMatch.answer>>;
    /** Takes every certificate from the meter that is named. */
    readonly revokeMeter: (named: string) => Promise<z.input<typeof revokeMeter.answer>>;
  };

/** The acts of the operator on a system; another capability's act joins here as one more member. */
export const actsOf = (parts: ActParts): Acts => ({
  digest: (...asked) => digestTables(parts, ...asked),
  quarantine: (...asked) => showQuarantine(parts.profile, ...asked),
  redrive: (...asked) => redriveKept(parts, ...asked),
  replay: (...asked) => replayFacts(parts, ...asked),
  'revoke-meter': async ({ meter }) => ({ answer: await parts.revokeMeter(meter) }),
  // In one go: what is learned from would not fit between two steps.
  'match-train': async () => ({ answer: await parts.trainMatch() }),
  'find-duplicates': (_input, ...asked) => findAllDuplicates(parts, ...asked),
});
