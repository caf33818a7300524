import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { mostReplaySegments } from '#shared/vocabulary/replay-segments.ts';
import { DisputeKind, QuarantineReason, ReplayState } from '#shared/vocabulary/statuses.ts';
import { defineLocalRoute } from './definition.ts';

const count = z.int().min(0);
const nothing = z.strictObject({});
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Tables whose logical content has a digest. */
export const DigestTable = z.enum(['profile', 'readings']);
export type DigestTable = z.infer<typeof DigestTable>;

export const digest = defineLocalRoute({
  method: 'GET',
  path: '/_local/ops/digest',
  act: 'ops.digest',
  summary: "SHA-256 of a table's logical content, independent of write order and time of receipt.",
  input: z.strictObject({ table: DigestTable.optional().describe('All tables where absent.') }),
  answer: z.strictObject({
    digests: z.array(z.strictObject({ table: DigestTable, sha256: Sha256, items: count })),
  }),
});

export const quarantine = defineLocalRoute({
  method: 'GET',
  path: '/_local/ops/quarantine',
  act: 'ops.quarantine',
  summary: 'What is kept aside: reasons and counts, never what the entries say.',
  input: z.strictObject({
    reason: QuarantineReason.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Entries listed, newest first.'),
  }),
  answer: z.strictObject({
    total: count,
    reasons: z.array(z.strictObject({ reason: QuarantineReason, count })),
    entries: z.array(
      z.strictObject({
        id: z.string(),
        reason: QuarantineReason,
        source: z.string().optional(),
        type: z.string().optional(),
        receivedAt: Instant,
        waitsFor: z.string().optional().describe('What an entry that waits needs, e.g. "account billing:000123".'),
      }),
    ),
  }),
});

/** Which families there are is known by the act itself. */
const family = z.string().max(40);

export const groundless = defineLocalRoute({
  method: 'GET',
  path: '/_local/ops/groundless',
  act: 'ops.groundless',
  summary: 'Facts that are kept and change nothing, for want of what they speak of: counts, records and ids.',
  input: z.strictObject({
    family: family.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Records listed, those with most first.'),
  }),
  answer: z.strictObject({
    total: count,
    families: z.array(z.strictObject({ family, count })),
    records: z.array(
      z.strictObject({
        subject: z.string(),
        family,
        count,
        latest: z.array(z.strictObject({ id: z.string(), type: z.string() })).describe('Newest first.'),
      }),
    ),
  }),
});

export const disputes = defineLocalRoute({
  method: 'GET',
  path: '/_local/ops/disputes',
  act: 'ops.disputes',
  summary:
    'Times of which sources say that different accounts have a point, or a meter different points: counts and claims.',
  input: z.strictObject({
    kind: DisputeKind.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Disputes listed, the oldest first.'),
  }),
  answer: z.strictObject({
    total: count,
    kinds: z.array(z.strictObject({ kind: DisputeKind, count })),
    disputes: z.array(
      z.strictObject({
        kind: DisputeKind,
        subject: z.string().describe('The service point, or the meter.'),
        from: z.string().describe('Local date; of a meter an instant.'),
        to: z.string().nullable(),
        claims: z.array(z.strictObject({ holder: z.string(), source: z.string() })),
      }),
    ),
  }),
});

export const redrive = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/redrive',
  act: 'ops.redrive',
  reason: 'required',
  summary: 'Try entries of quarantine and parked records again.',
  input: z.strictObject({
    reason: QuarantineReason.optional().describe('Only entries with this reason.'),
    id: z.string().optional().describe('Only this entry.'),
    dryRun: z.boolean().default(false).describe('Say what would be tried, and try nothing.'),
  }),
  answer: z.strictObject({
    tried: count,
    placed: count,
    left: count.describe('Entries that stay, since their reason still holds.'),
  }),
});

const ReplayId = id('replay');

/** How a replay stands. */
export const ReplayStatus = z.strictObject({
  id: ReplayId,
  state: ReplayState,
  events: z.boolean(),
  dryRun: z.boolean(),
  startedAt: Instant,
  movedAt: Instant.describe('When one of its segments came on last.'),
  segments: count,
  segmentsDone: count,
  subjects: count.describe('Subjects refolded.'),
  changed: count.describe(
    'Subjects of which something came out otherwise than stored: state, view, names, search entries, or what judging knows of outages and meters.',
  ),
  published: count.describe('Events published again.'),
  perSecond: z
    .number()
    .min(0)
    .describe('Subjects, or events, a second: the segments together, while they were worked on.'),
  failed: count.describe('Subjects that could not be done; they are tried again with `resume`.'),
  reasons: z.array(z.strictObject({ reason: z.string(), count })).describe('Why subjects failed.'),
  failures: z.array(z.strictObject({ subject: z.string(), reason: z.string() })).describe('The first 20 of them.'),
});
export type ReplayStatus = z.infer<typeof ReplayStatus>;

export const replay = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/replay',
  act: 'ops.replay',
  reason: 'required',
  summary:
    'Begin to refold every subject from its facts, or to publish stored facts again, marked as replay; or go on with one that was begun.',
  input: z
    .strictObject({
      events: z.boolean().default(false).describe('Publish stored facts again instead of refolding.'),
      from: Instant.optional().describe('First time of receipt, with events.'),
      to: Instant.optional().describe('First time of receipt no longer covered, with events.'),
      dryRun: z.boolean().default(false),
      segments: z
        .int()
        .min(1)
        .max(mostReplaySegments)
        .optional()
        .describe('Parts of the table that are worked on side by side; as many as suit the system where absent.'),
      resume: ReplayId.optional().describe('Go on with this one: what is left of it, or its subjects that failed.'),
    })
    .refine(({ events, from, to }) => events || (from === undefined && to === undefined), {
      path: ['from'],
      message: 'from and to need events',
    })
    .refine(
      ({ resume, events, dryRun, segments }) => resume === undefined || (!events && !dryRun && segments === undefined),
      { path: ['resume'], message: 'what a replay does is said when it is begun' },
    ),
  answer: ReplayStatus,
});

export const replayStatus = defineLocalRoute({
  method: 'GET',
  path: '/_local/ops/replay',
  act: 'ops.replay-status',
  summary: 'How a replay stands: segments and subjects done, how fast, and what failed.',
  input: z.strictObject({ id: ReplayId.optional().describe('The one under way, or the last, where absent.') }),
  answer: ReplayStatus,
});

export const stopReplay = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/replay-stop',
  act: 'ops.replay-stop',
  reason: 'required',
  about: 'id',
  summary: 'Stop a replay behind the subjects under way; it can be gone on with.',
  input: z.strictObject({ id: ReplayId }),
  answer: ReplayStatus,
});

/** What was done to a sealed entry or a chain. */
export const AuditFault = z.strictObject({
  chain: count,
  sequence: count.describe('Place in the chain; of a truncated chain, the first that is missing.'),
  kind: z.enum(['edited', 'deleted', 'swapped', 'inserted', 'truncated', 'checkpoint']),
  entry: z.string().optional(),
  message: z.string(),
});
export type AuditFault = z.infer<typeof AuditFault>;

export const verifyAudit = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/verify-audit',
  act: 'ops.verify-audit',
  summary: 'Recompute every audit chain against its entries and checkpoints.',
  input: nothing,
  answer: z.strictObject({
    ok: z.boolean(),
    chains: count,
    entries: count.describe('Sealed entries that were checked.'),
    unsealed: count.describe('Entries written but not yet sealed.'),
    checkpoints: count,
    faults: z.array(AuditFault),
  }),
});

export const revokeMeter = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/revoke-meter',
  act: 'ops.revoke-meter',
  reason: 'required',
  about: 'meter',
  summary: 'Take every certificate from a meter at once; it is cut off until it is registered again.',
  input: z.strictObject({
    meter: z.string().min(1).max(200).describe('Id of the meter, or a reference namespace:value.'),
  }),
  answer: z.strictObject({
    meter: z.string(),
    revoked: count.describe('Certificates that were active and are no more.'),
  }),
});

export const trainMatch = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/match-train',
  act: 'ops.match-train',
  reason: 'required',
  summary: 'Estimate the weights of the matcher on the stored customers, and keep them with date and size.',
  input: nothing,
  answer: z.strictObject({
    customers: count.describe('Customers the weights were learned from.'),
    trainedAt: Instant,
    matches: z.number().describe('Share of pairs of records that are of one customer.'),
    rounds: count.describe('Rounds until the estimate stood.'),
  }),
});

export const findDuplicates = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/find-duplicates',
  act: 'ops.find-duplicates',
  reason: 'required',
  summary: 'Look for duplicates of every customer, by the weights as they are now.',
  input: nothing,
  answer: z.strictObject({
    customers: count,
    compared: count.describe('Records that customers were compared with.'),
    open: count.describe('Questions whether two are one that are open.'),
  }),
});

export const eraseAgain = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/erase-again',
  act: 'ops.erase-again',
  reason: 'required',
  summary: 'Erase again whoever is in the register of who was erased and came back with tables that were set back.',
  input: nothing,
  answer: z.strictObject({
    looked: count.describe('Entries of the register that were looked at.'),
    erased: count.describe('Customers who were erased again.'),
  }),
});

export const drain = defineLocalRoute({
  method: 'POST',
  path: '/_local/ops/drain',
  act: 'ops.drain',
  summary: 'Wait until every stream, queue and feed is worked off.',
  input: z.strictObject({ timeoutSeconds: z.int().min(1).max(600).default(60) }),
  answer: z.strictObject({
    drained: z.boolean(),
    seconds: z.number().min(0),
    pending: z.record(z.string(), count).describe('What is left, by consumer; empty where all is drained.'),
  }),
});
