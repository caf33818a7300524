import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { type LocalRoute, needsReason } from '#shared/contracts/local/definition.ts';
import {
  Invocation,
  type OperatorFunction,
  operatorActs,
  type StageActName,
  type StepAnswer,
} from '#shared/contracts/operations/invocation.ts';
import { fieldErrors } from '#shared/edge/fields.ts';
import { problemOf, refusalOf } from '#shared/edge/problem.ts';
import { reasonRequired } from '#shared/edge/reason.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import { type ClaimedAct, isClaimedAct } from '#shared/vocabulary/acts.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Acts, ActsAt } from './acts.ts';
import { type AskedAct, namedBy, recordAct } from './record-act.ts';
import type { IsOver, Step } from './step.ts';

export interface OperationsDeps<Name extends OperatorFunction> {
  /** House name of the function. */
  readonly name: Name;
  readonly acts: ActsAt<Name>;
  readonly audit: Table;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A step ends in time for its caller to show how far it is, and long before Lambda ends the function. */
const stepMs = 20_000;
const reserveMs = 60_000;

type RunContext = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

const isOverOf = (context: RunContext): IsOver => {
  const atStart = context.getRemainingTimeInMillis();
  return () => context.getRemainingTimeInMillis() < Math.max(reserveMs, atStart - stepMs);
};

/** Parses by a schema or refuses with pointers. */
const parsedOrRefuse = <Schema extends z.ZodType>(schema: Schema, value: unknown, within: string): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', 'body.invalid', 'The invocation does not fit: see errors.', {
    errors: fieldErrors(parsed.error, within),
  });
};

/** Takes the input, or refuses it before anything is done; then does the act. */
type BoundAct = (input: unknown) => {
  readonly needsReason: boolean;
  readonly named: readonly string[];
  readonly run: (from: string | undefined, isOver: IsOver) => Promise<Step<unknown>>;
};

/** An act that takes and gives what its contract says, as on one machine. */
const bound =
  <Input extends z.ZodType, Answer extends z.ZodType>(
    route: LocalRoute<Input, Answer>,
    act: (input: z.output<Input>, from: string | undefined, isOver: IsOver) => Promise<Step<z.input<Answer>>>,
  ): BoundAct =>
  (input) => {
    const parsed = parsedOrRefuse(route.input, input, '/input');
    return {
      needsReason: needsReason(route, parsed),
      named: namedBy(route, parsed),
      run: async (from, isOver) => {
        const step = await act(parsed, from, isOver);
        return { ...step, answer: route.answer.parse(step.answer) };
      },
    };
  };

/** The acts a function does, each bound; undefined in place of what another one does. */
const boundActs = (acts: Partial<Acts>): Readonly<Record<StageActName, BoundAct | undefined>> => ({
  digest: acts.digest && bound(operatorActs.digest, acts.digest),
  quarantine: acts.quarantine && bound(operatorActs.quarantine, acts.quarantine),
  groundless: acts.groundless && bound(operatorActs.groundless, acts.groundless),
  disputes: acts.disputes && bound(operatorActs.disputes, acts.disputes),
  redrive: acts.redrive && bound(operatorActs.redrive, acts.redrive),
  replay: acts.replay && bound(operatorActs.replay, acts.replay),
  'replay-status': acts['replay-status'] && bound(operatorActs['replay-status'], acts['replay-status']),
  'replay-stop': acts['replay-stop'] && bound(operatorActs['replay-stop'], acts['replay-stop']),
  'erase-again': acts['erase-again'] && bound(operatorActs['erase-again'], acts['erase-again']),
  'revoke-meter': acts['revoke-meter'] && bound(operatorActs['revoke-meter'], acts['revoke-meter']),
  'match-train': acts['match-train'] && bound(operatorActs['match-train'], acts['match-train']),
  'find-duplicates': acts['find-duplicates'] && bound(operatorActs['find-duplicates'], acts['find-duplicates']),
});

const isAct = (name: string): name is StageActName => Object.hasOwn(operatorActs, name);

const actNamed = (acts: ReturnType<typeof boundActs>, name: string): BoundAct => {
  const act = isAct(name) ? acts[name] : undefined;
  if (act !== undefined) return act;
  throw new DomainError('not-found', 'act.unknown', 'This function of the operator has no such act.', {
    extra: { acts: Object.entries(acts).flatMap(([known, one]) => (one === undefined ? [] : [known])) },
  });
};

const claimOf = (event: unknown): { readonly actor: string; readonly act: ClaimedAct | 'none' } => {
  const claim = Invocation.pick({ actor: true, act: true }).partial().loose().safeParse(event);
  const { actor = 'nobody', act = '' } = claim.success ? claim.data : {};
  const named = `ops.${act}`;
  return { actor: `claimed:${actor}`, act: isClaimedAct(named) ? named : 'none' };
};

/**
 * The operator's acts as Lambda hands them over. Who may invoke the function decides who is the operator: IAM alone. Each
 * invocation leaves an audit entry before it does anything; its actor is what the caller claims, its request id the one under
 * which CloudTrail tells who it was.
 */
export const operationsHandler = <Name extends OperatorFunction>(deps: OperationsDeps<Name>) => {
  const { metrics, logger } = deps;
  const acts = boundActs(deps.acts);
  return async (event: unknown, context: RunContext): Promise<StepAnswer> => {
    const { actor, act } = claimOf(event);
    let asked: AskedAct = {
      actor,
      actorKind: 'system',
      act,
      route: deps.name,
      named: [],
      reason: undefined,
      requestId: context.awsRequestId,
    };
    let begun = false;
    try {
      const { act: name, input, from, reason } = parsedOrRefuse(Invocation, event, '');
      const { needsReason, named, run } = actNamed(acts, name)(input);
      if (needsReason && reason === undefined) throw reasonRequired();
      asked = { ...asked, named: [...named], reason };
      await recordAct(deps, asked, 'allowed');
      begun = true;
      const step = await run(from, isOverOf(context));
      metrics.count('operator.step', { act: name });
      return step;
    } catch (error) {
      const refusal = refusalOf(error);
      metrics.count('operator.refused', { code: refusal.code });
      if (refusal.kind === 'internal') logger.error('operator.failed', { act, cause: causeName(error) });
      // The audit itself being away is the one refusal it cannot hold.
      if (refusal.code !== 'audit.unavailable')
        await recordAct(deps, asked, begun ? 'failed' : `refused:${refusal.code}`);
      return { problem: problemOf(refusal, { requestId: context.awsRequestId }).body };
    }
  };
};
