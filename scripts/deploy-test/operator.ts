import { InvokeCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { quarantine, verifyAudit } from '#shared/contracts/local/ops.ts';
import type { Operator } from '#tests/journeys/story/ground.ts';
import type { Clients } from './aws.ts';
import type { Deployed } from './stacks.ts';

const Step = z.object({ answer: z.unknown(), next: z.string().optional() });

/** Does an act of the operator by the deployed function, step by step; answers what the last step says. */
const perform = async (clients: Clients, deployed: Deployed, act: string, input: object): Promise<unknown> => {
  let from: string | undefined;
  for (;;) {
    const payload = { act, input, actor: 'deploy-test', ...(from === undefined ? {} : { from }) };
    const { Payload, FunctionError } = await clients.lambda.send(
      new InvokeCommand({
        FunctionName: `${deployed.functionName('operations')}:live`,
        Payload: JSON.stringify(payload),
      }),
    );
    const text = Buffer.from(Payload ?? []).toString('utf8');
    const step = Step.safeParse(JSON.parse(text));
    if (FunctionError !== undefined || !step.success) throw new Error(`ops ${act} answered ${text}`);
    if (step.data.next === undefined) return step.data.answer;
    from = step.data.next;
  }
};

/** The operator of the deployed system. */
export const deployedOperator = (clients: Clients, deployed: Deployed): Operator => ({
  quarantined: async () => {
    const answer = quarantine.answer.parse(await perform(clients, deployed, 'quarantine', { limit: 1 }));
    return new Map(answer.reasons.map(({ reason, count }) => [reason, count]));
  },
  verifyAudit: async () => verifyAudit.answer.parse(await perform(clients, deployed, 'verify-audit', {})),
});
