import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { ofServicePoint, registerId, servicePoint } from '#shared/contracts/facts/of-service-point.ts';
import { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { Instant, LocalDate } from '#shared/vocabulary/instants.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';

const insightCommon = {
  servicePoint: idOrReference('servicePoint'),
  register: registerId,
  insight: z
    .string()
    .min(1)
    .max(120)
    .describe('`<service point>.<register>.<kind>.<start>`: the same cause has the same.'),
  revision: z.int().min(1).describe('Counts what was written of the insight; the highest counts.'),
};
const insightMarks = { servicePoint: 'plain', register: 'plain', insight: 'plain', revision: 'plain' } as const;
const insightExample = {
  servicePoint,
  register: 'E1',
  insight: 'svp_0123456789ABCDEFGHJKMNPQRS.E1.unusual-use.1780000200',
};

export const insightFound = defineFact({
  type: 'metering.insight.found.v1',
  title: 'Insight found',
  description:
    'Readings tell something that people should hear of: use that rose, something unusual, a meter that counts nothing, a leak. Each cause is told once; what lasts is told again after a quarter.',
  inFold: { kind: 'describes', turn: 'thing' },
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    ...insightCommon,
    kind: ToldInsightKind.describe('Section of docs/insight.md that says how.'),
    start: Instant.describe('When it began.'),
    end: Instant.optional().describe('When it ended, where it is over.'),
    headline: z.string().min(1).max(120).describe('In a few words.'),
    reason: z.string().min(1).max(600).describe("One sentence with the point's own numbers."),
    evidence: z
      .record(z.string().max(40), z.union([z.number(), z.boolean(), z.string().max(200)]))
      .describe("Numbers it rests on; amounts are whole in the register's scale, shares have four decimals."),
    expires: LocalDate.describe('From then on it is of no interest.'),
  }),
  marks: {
    ...insightMarks,
    kind: 'plain',
    start: 'plain',
    end: 'plain',
    headline: 'usage',
    reason: 'usage',
    evidence: 'usage',
    expires: 'plain',
  },
  whole: 'usage',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [
    {
      name: 'unusual use',
      data: {
        ...insightExample,
        revision: 1,
        kind: 'unusual-use',
        start: '2026-05-28T20:30:00Z',
        end: '2026-05-28T23:00:00Z',
        headline: 'Unusual use, 9.4 kWh more',
        reason:
          'Unusual use, 2026-05-28 20:30 to 2026-05-28 23:00 UTC: six hours of more than usual, 9.4 kWh more than expected. Ask whether something is known of it.',
        evidence: { reason: 'shiftUp6h', excess: 9_412, readings: 6, score: 6.1 },
        expires: '2026-07-02',
      },
    },
  ],
});

export const insightEnded = defineFact({
  type: 'metering.insight.ended.v1',
  title: 'Insight ended',
  description: 'What readings told is over, or the readings, come late or corrected, no longer say so.',
  inFold: { kind: 'describes', turn: 'end' },
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    ...insightCommon,
    outcome: z.enum(['over', 'withdrawn']),
    end: Instant.describe('When it was over, or last seen.'),
  }),
  marks: { ...insightMarks, outcome: 'plain', end: 'plain' },
  whole: 'usage',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [{ name: 'over', data: { ...insightExample, revision: 2, outcome: 'over', end: '2026-05-28T23:00:00Z' } }],
});

export const insightDecided = defineFact({
  type: 'metering.insight.decided.v1',
  title: 'Insight decided',
  description:
    'A person saw what readings told, acted on it, or said that it is nothing; what is dismissed is not told again for the same cause.',
  inFold: { kind: 'describes', turn: 'word' },
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    ...insightCommon,
    state: z.enum(['seen', 'actioned', 'dismissed']),
    reason: z.string().trim().min(3).max(500).optional().describe('What was done, or why it is nothing.'),
  }),
  marks: { ...insightMarks, state: 'plain', reason: 'freeText' },
  whole: 'usage',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [
    { name: 'seen', data: { ...insightExample, revision: 2, state: 'seen' } },
    {
      name: 'dismissed',
      data: { ...insightExample, revision: 3, state: 'dismissed', reason: 'A kiln was fired that night.' },
    },
  ],
});

export const insightFacts = [insightFound, insightEnded, insightDecided] as const;
