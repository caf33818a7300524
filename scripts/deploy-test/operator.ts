import { askOperator } from '#cli/stage/ask-operator.ts';
import { verifyAuditTrail } from '#cli/stage/verify-audit-trail.ts';
import { findDuplicates, quarantine, trainMatch } from '#shared/contracts/local/ops.ts';
import type { Operator } from '#tests/journeys/story/ground.ts';

const reason = 'The story of a deployed stage.';

/** The operator of a deployed stage, by what the commands `rotunda ops … --stage` do. */
export const deployedOperator = (stage: string): Operator => ({
  quarantined: async () => {
    const { answer } = quarantine;
    const asked = { at: 'operations', act: 'quarantine', input: { limit: 1 }, answer } as const;
    const { reasons } = await askOperator(stage, asked, () => {});
    return new Map(reasons.map(({ reason, count }) => [reason, count]));
  },
  verifyAudit: () => verifyAuditTrail(stage),
  findDuplicates: () => {
    const { answer } = findDuplicates;
    return askOperator(stage, { at: 'operations-match', act: 'find-duplicates', input: {}, answer, reason }, () => {});
  },
  trainMatch: () => {
    const { answer } = trainMatch;
    return askOperator(stage, { at: 'operations-match', act: 'match-train', input: {}, answer, reason }, () => {});
  },
});
