/**
 * Every act there is a name for, once. What anybody is asked, refused or audited for is one of these; a name that is not here does
 * not compile.
 */

/** What a caller of the API does. `shared/access/acts.ts` says who may; `public` needs no sign-in. */
export const actNames = [
  'public',
  'customer.search',
  'customer.read',
  'customer.create',
  'customer.change',
  'customer.merge',
  'customer.merge-preview',
  'attribute.pin',
  'contact.change',
  'interaction.log',
  'change-request.list',
  'change-request.read',
  'change-request.decide',
  'access-log.read',
  'erasure.read',
  'erasure.request',
  'erasure.decide',
  'account.read',
  'money.read',
  'payment.take',
  'payment.reverse',
  'reversal.read',
  'reversal.decide',
  'outage.report',
  'outage.read',
  'outage.restore',
  'duplicate.read',
  'duplicate.decide',
  'premise.read',
  'usage.read',
  'usage.download',
  'insight.read',
  'insight.decide',
  'reading-exception.read',
  'dispute.settle',
  'readings.correct',
  'meter.register',
  'meter.exchange-key',
  'meter.read',
  'imports.write',
  'imports.read',
  'imports.undo',
  'weather.read',
  'weather.write',
  'tariff.read',
  'tariff.write',
  'facts.write',
  'fact.read',
  'ops',
] as const;
export type ActName = (typeof actNames)[number];

/** What the operator does, on one machine by its local routes, of a deployed stage by its functions (`ops.<name>` in the audit). */
export const operatorActNames = [
  'digest',
  'quarantine',
  'groundless',
  'disputes',
  'redrive',
  'replay',
  'replay-status',
  'replay-stop',
  'verify-audit',
  'revoke-meter',
  'match-train',
  'find-duplicates',
  'erase-again',
  'drain',
  'send',
] as const;
export type OperatorActName = (typeof operatorActNames)[number];
export type OperatorAct<Name extends OperatorActName = OperatorActName> = `ops.${Name}`;

/** What this system does by itself and leaves an entry of, beside keeping facts. */
export type OwnAct = 'erasure.complete';

/**
 * What an entry of the audit tells of. `none`: the request named no act; `several`: refusals of more kinds than are told apart. What
 * the operator of a stage claims to ask for stands in its entry as claimed, also where there is no such act.
 */
export type AuditedAct = ActName | OperatorAct | OwnAct | 'none' | 'several' | ClaimedAct;

declare const claimed: unique symbol;
/** An act as somebody says they ask for it; there may be none of that name. */
export type ClaimedAct = `ops.${string}` & { readonly [claimed]: true };

/** Whether a claimed act may stand in the audit as it was claimed. */
export const isClaimedAct = (text: string): text is ClaimedAct => /^ops\.[a-z-]{1,40}$/.test(text);
