import type * as z from 'zod';
import type { revokeMeter, trainMatch } from '#shared/contracts/local/ops.ts';
import type {
  ActsOfFunction,
  OperatorFunction,
  operatorActs,
  StageActName,
} from '#shared/contracts/operations/invocation.ts';
import { type DigestParts, digestTables } from './digest-tables.ts';
import { type EraseAgainParts, eraseAgainInSteps } from './erase-again.ts';
import { type FindDuplicatesParts, findAllDuplicates } from './find-duplicates.ts';
import { listDisputes } from './list-disputes.ts';
import { listGroundless } from './list-groundless.ts';
import { type RedriveParts, redriveKept, redriveParked } from './redrive.ts';
import { endReplay, showReplay, startReplay } from './replay.ts';
import type { ReplayParts } from './replay-parts.ts';
import { showQuarantine } from './show-quarantine.ts';
import type { IsOver, Step } from './step.ts';

type Contract<Name extends StageActName> = (typeof operatorActs)[Name];

/** Every act of the operator, bound to what it is made of: one without a contract, or a contract without one, does not compile. */
export type Acts = {
  readonly [Name in StageActName]: (
    input: z.output<Contract<Name>['input']>,
    from: string | undefined,
    isOver: IsOver,
  ) => Promise<Step<z.input<Contract<Name>['answer']>>>;
};

/** The acts that one function of a stage does. */
export type ActsAt<Name extends OperatorFunction> = Pick<Acts, ActsOfFunction[Name]>;

export type TableParts = DigestParts & RedriveParts & ReplayParts & EraseAgainParts;

export interface MeterParts {
  /** Takes every certificate from the meter that is named. */
  readonly revokeMeter: (named: string) => Promise<z.input<typeof revokeMeter.answer>>;
}

export type MatchParts = FindDuplicatesParts & {
  /** Learns the matcher's weights from the stored customers, and keeps them. */
  readonly trainMatch: () => Promise<z.input<typeof trainMatch.answer>>;
};

export type ParkedParts = Pick<RedriveParts, 'setAside' | 'clock'> & MeterParts;

/** Acts on the tables; a redrive begins with what is set aside. */
export const tableActs = (parts: TableParts): ActsAt<'operations'> => ({
  digest: (...asked) => digestTables(parts, ...asked),
  disputes: (...asked) => listDisputes(parts.profile, ...asked),
  groundless: (...asked) => listGroundless(parts.profile, ...asked),
  quarantine: (...asked) => showQuarantine(parts.profile, ...asked),
  redrive: (...asked) => redriveKept(parts, ...asked),
  // Nobody waits for a replay: it is worked on by runs of its own.
  replay: async (input) => ({ answer: await startReplay(parts, input) }),
  'replay-status': async (input) => ({ answer: await showReplay(parts, input) }),
  'replay-stop': async (input) => ({ answer: await endReplay(parts, input) }),
  'erase-again': (_input, ...asked) => eraseAgainInSteps(parts, ...asked),
});

const meterActs = ({ revokeMeter }: MeterParts): Pick<Acts, 'revoke-meter'> => ({
  'revoke-meter': async ({ meter }) => ({ answer: await revokeMeter(meter) }),
});

/** Acts on what is set aside and on the registry of devices. */
export const parkedActs = (parts: ParkedParts): ActsAt<'operations-parked'> => ({
  redrive: (...asked) => redriveParked(parts, ...asked),
  ...meterActs(parts),
});

/** Acts that hold stored customers against each other. */
export const matchActs = (parts: MatchParts): ActsAt<'operations-match'> => ({
  // In one go: what is learned from would not fit between two steps.
  'match-train': async () => ({ answer: await parts.trainMatch() }),
  'find-duplicates': (_input, ...asked) => findAllDuplicates(parts, ...asked),
});

/** The acts of the operator on a system; another capability's act joins here as one more member. */
export const actsOf = (parts: TableParts & MeterParts & MatchParts): Acts => ({
  ...tableActs(parts),
  ...meterActs(parts),
  ...matchActs(parts),
});
