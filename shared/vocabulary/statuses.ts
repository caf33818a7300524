import * as z from 'zod';

/** Each status list of the system, once. */
export const CustomerKind = z.enum(['person', 'organisation']);
export type CustomerKind = z.infer<typeof CustomerKind>;

export const CustomerStatus = z.enum(['prospect', 'active', 'former']);
export type CustomerStatus = z.infer<typeof CustomerStatus>;

export const AccountStatus = z.enum(['open', 'closed']);
export type AccountStatus = z.infer<typeof AccountStatus>;

export const Role = z.enum(['holder', 'joint', 'payer', 'nominee', 'agent', 'executor', 'guarantor', 'landlord']);
export type Role = z.infer<typeof Role>;

export const ContactKind = z.enum(['phone', 'email', 'post']);
export type ContactKind = z.infer<typeof ContactKind>;

/** Whether somebody is at home at a service point, as they or their home say. */
export const Presence = z.enum(['home', 'away', 'unknown']);
export type Presence = z.infer<typeof Presence>;

export const Commodity = z.enum(['electricity', 'gas', 'water']);
export type Commodity = z.infer<typeof Commodity>;

export const ConnectionState = z.enum(['connected', 'logically-disconnected', 'physically-disconnected']);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const Channel = z.enum([
  'phone',
  'email',
  'sms',
  'web',
  'app',
  'chat',
  'letter',
  'in-person',
  'field',
  'ivr',
  'social',
  'meter',
  'system',
]);
export type Channel = z.infer<typeof Channel>;

export const Direction = z.enum(['inbound', 'outbound']);

/** Whose words an interaction holds. */
export const Writer = z.enum(['customer', 'staff', 'system']);
export type Writer = z.infer<typeof Writer>;

/** What became of a change that a customer asked for. */
export const ChangeRequestStatus = z.enum(['open', 'done', 'declined']);
export type ChangeRequestStatus = z.infer<typeof ChangeRequestStatus>;

export const PaymentMethod = z.enum([
  'direct-debit',
  'card',
  'bank-transfer',
  'cash',
  'cheque',
  'standing-order',
  'other',
]);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** Why a payment was taken back. */
export const ReversalReason = z.enum(['refused-by-payer', 'insufficient-funds', 'duplicate', 'error', 'other']);
export type ReversalReason = z.infer<typeof ReversalReason>;

export const OutageStatus = z.enum(['open', 'restored']);
export type OutageStatus = z.infer<typeof OutageStatus>;

export const Category = z.enum([
  'identity',
  'account',
  'supply',
  'metering',
  'billing',
  'payment',
  'service',
  'contact',
]);
export type Category = z.infer<typeof Category>;

export const Severity = z.enum(['routine', 'notable', 'urgent']);
export type Severity = z.infer<typeof Severity>;

/** What a meter tells at once. */
export const MeterEventKind = z.enum(['power-outage', 'last-gasp', 'power-restoration', 'tamper', 'leak', 'clock']);
export type MeterEventKind = z.infer<typeof MeterEventKind>;

/**
 * Why somebody should look after a meter: nothing comes from it, its days are estimated for long, it shows nothing but zeros, or
 * somebody meddled with it.
 */
export const MeterTaskKind = z.enum(['silent', 'prolonged-estimation', 'zero', 'tamper']);
export type MeterTaskKind = z.infer<typeof MeterTaskKind>;

/** Formats of files of meter data. */
export const ImportFormat = z.enum(['nem12', 'nem13', 'espi', 'csv']);
export type ImportFormat = z.infer<typeof ImportFormat>;

/** How a replay stands; one that is `stopped` can be gone on with. */
export const ReplayState = z.enum(['running', 'stopped', 'done']);
export type ReplayState = z.infer<typeof ReplayState>;

/**
 * Where an import stands: `new` until its file is there, `uploaded` until its points are known, `reading`, `settling` until all it
 * sent is stored, `done` or `failed`; `undoing` and `undone` where it is taken back.
 */
export const ImportState = z.enum(['new', 'uploaded', 'reading', 'settling', 'done', 'failed', 'undoing', 'undone']);
export type ImportState = z.infer<typeof ImportState>;

/** What became of a fact, as its sender is told; `shared/facts/fact-outcome.ts` says what each means. */
export const FactStatus = z.enum(['accepted', 'duplicate', 'waiting', 'quarantined', 'rejected', 'retry']);
export type FactStatus = z.infer<typeof FactStatus>;

/** Why something came to quarantine. */
export const QuarantineReason = z.enum([
  'fact.invalid',
  'fact.unknown-type',
  'fact.conflict',
  'fact.future',
  'fact.erased',
  'reference.unknown',
  'reference.taken',
  'reference.foreign',
  'source.refused',
  'payment.too-large',
  'account.currency',
  'fact.type-not-allowed',
  'fact.value-not-allowed',
  'block.invalid',
  'block.foreign',
  'block.future',
  'block.too-old',
  'block.conflict',
  'block.correction',
  'meter.unknown',
  'meter.not-installed',
  'register.unknown',
  'register.mismatch',
]);
export type QuarantineReason = z.infer<typeof QuarantineReason>;

/** What sources may dispute: who takes service at a point, or which point a meter measures. */
export const DisputeKind = z.enum(['service', 'meter']);
export type DisputeKind = z.infer<typeof DisputeKind>;

/** Purposes a person's data may be read for (header Rotunda-Purpose). */
export const Purpose = z.enum(['service', 'billing', 'debt', 'safety', 'privacy', 'audit', 'test']);
export type Purpose = z.infer<typeof Purpose>;

/**
 * Why a person's data is to be erased, as Article 17(1) of the GDPR numbers it: (a) no longer needed, (b) consent withdrawn, (c) the
 * person objects, (d) never lawful, (e) a law asks for it, (f) collected from a child for an online service.
 */
export const ErasureGround = z.enum([
  'no-longer-needed',
  'consent-withdrawn',
  'objection',
  'unlawful',
  'legal-obligation',
  'child-online',
]);
export type ErasureGround = z.infer<typeof ErasureGround>;

export const StaffRole = z.enum(['agent', 'supervisor', 'field', 'billing', 'privacy', 'auditor', 'operator']);
export type StaffRole = z.infer<typeof StaffRole>;

/** What a search may have matched on. */
export const SearchKey = z.enum([
  'name',
  'phone',
  'email',
  'postcode',
  'address',
  'serial',
  'account',
  'bill',
  'reference',
  'id',
]);
export type SearchKey = z.infer<typeof SearchKey>;

/**
 * By what one hit of a search goes before the next, in the order in which they are asked: the score; that its
 * name has the title that was asked for; that all it was found by holds
 * now; fewer values that the words were met in; that the customer holds an account now; the id.
 */
export const HitAhead = z.enum(['score', 'title', 'current', 'together', 'account', 'id']);
export type HitAhead = z.infer<typeof HitAhead>;
