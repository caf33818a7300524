import { askOperator } from '#scripts/rotunda/stage/ask-operator.ts';
import { verifyAuditTrail } from '#scripts/rotunda/stage/verify-audit-trail.ts';
import { quarantine } from '#shared/contracts/local/ops.ts';
import type { Operator } from '#tests/journeys/story/ground.ts';

/** The operator of a deployed stage, by what the commands `rotunda ops … --stage` do. */
export const deployedOperator = (stage: string): Operator => ({
  quarantined: async () => {
    const { answer } = quarantine;
    const asked = { act: 'quarantine', input: { limit: 1 }, answer } as const;
    const { reasons } = await askOperator(stage, asked, () => {});
    return new Map(reasons.map(({ reason, count }) => [reason, count]));
  },
  verifyAudit: () => verifyAuditTrail(stage),
});
