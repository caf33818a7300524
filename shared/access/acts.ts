import type { ActName } from '#shared/vocabulary/acts.ts';
import type { Purpose, StaffRole } from '#shared/vocabulary/statuses.ts';

/** Who may do one act: staff by role, customers on their own, machines by any of the scopes. Nobody else. */
export interface ActRule {
  readonly staff: readonly StaffRole[];
  readonly customer: boolean;
  readonly scopes: readonly string[];
  /** Whether customers may do it on what was their own and is no longer; what they get then is of that time alone. */
  readonly formerly?: true;
  /**
   * That it was done tells what customers are not told: whom staff may take for whom, and what of a payment they ask one another.
   * Their log has the look, and not what it was for.
   */
  readonly unsaid?: true;
}

const readers: readonly StaffRole[] = ['agent', 'supervisor', 'billing', 'privacy', 'field'];
const deskStaff: readonly StaffRole[] = ['agent', 'supervisor'];

/** Who may do each act. */
export const actRules = {
  public: { staff: [], customer: false, scopes: [] },
  'customer.search': { staff: readers, customer: true, scopes: ['customers:read'] },
  'customer.read': { staff: readers, customer: true, scopes: ['customers:read'] },
  'customer.create': { staff: deskStaff, customer: false, scopes: [] },
  'customer.change': { staff: deskStaff, customer: true, scopes: [] },
  'customer.merge': { staff: ['supervisor'], customer: false, scopes: [] },
  'customer.merge-preview': { staff: deskStaff, customer: false, scopes: [], unsaid: true },
  'attribute.pin': { staff: deskStaff, customer: false, scopes: [] },
  'contact.change': { staff: deskStaff, customer: true, scopes: [] },
  'interaction.log': { staff: deskStaff, customer: true, scopes: [] },
  'change-request.list': { staff: ['supervisor'], customer: false, scopes: [] },
  'change-request.read': { staff: deskStaff, customer: true, scopes: [] },
  'change-request.decide': { staff: ['supervisor'], customer: false, scopes: [] },
  'access-log.read': { staff: ['privacy', 'supervisor', 'auditor'], customer: true, scopes: [] },
  'erasure.read': { staff: ['privacy'], customer: false, scopes: [], unsaid: true },
  'erasure.request': { staff: ['privacy'], customer: false, scopes: [], unsaid: true },
  'erasure.decide': { staff: ['privacy'], customer: false, scopes: [], unsaid: true },
  'account.read': { staff: readers, customer: true, scopes: ['customers:read'], formerly: true },
  'money.read': {
    staff: ['agent', 'supervisor', 'billing', 'privacy'],
    customer: true,
    scopes: ['customers:read'],
    formerly: true,
  },
  'payment.take': { staff: [...deskStaff, 'billing'], customer: false, scopes: [] },
  'payment.reverse': { staff: [...deskStaff, 'billing'], customer: false, scopes: [], unsaid: true },
  'reversal.read': { staff: ['supervisor', 'billing'], customer: false, scopes: [], unsaid: true },
  'reversal.decide': { staff: ['supervisor', 'billing'], customer: false, scopes: [], unsaid: true },
  'outage.report': { staff: deskStaff, customer: true, scopes: [] },
  'outage.read': { staff: readers, customer: true, scopes: ['customers:read'] },
  'outage.restore': { staff: ['field', 'supervisor'], customer: false, scopes: [] },
  'duplicate.read': { staff: [...deskStaff, 'privacy'], customer: false, scopes: [], unsaid: true },
  'duplicate.decide': { staff: ['supervisor'], customer: false, scopes: [], unsaid: true },
  'premise.read': { staff: readers, customer: true, scopes: ['customers:read'] },
  'usage.read': { staff: [...deskStaff, 'billing', 'privacy'], customer: true, scopes: ['usage:read'], formerly: true },
  'usage.download': {
    staff: ['agent', 'supervisor', 'billing', 'privacy'],
    customer: true,
    scopes: ['usage:read'],
    formerly: true,
  },
  'insight.read': { staff: [...deskStaff, 'billing', 'privacy'], customer: true, scopes: ['usage:read'] },
  'insight.decide': { staff: [...deskStaff, 'billing'], customer: false, scopes: [] },
  'reading-exception.read': { staff: readers, customer: false, scopes: ['usage:read'] },
  'dispute.settle': { staff: ['supervisor'], customer: false, scopes: [], unsaid: true },
  'readings.correct': { staff: ['billing', 'supervisor'], customer: false, scopes: [] },
  'meter.register': { staff: ['field'], customer: false, scopes: ['meters:write'] },
  'meter.exchange-key': { staff: ['supervisor'], customer: false, scopes: [] },
  'meter.read': { staff: readers, customer: true, scopes: ['customers:read', 'meters:write'] },
  'imports.write': { staff: [], customer: false, scopes: ['imports:write'] },
  // Of these, programs are shown their own alone.
  'imports.read': { staff: ['supervisor'], customer: false, scopes: ['imports:write'] },
  'imports.undo': { staff: ['supervisor'], customer: false, scopes: ['imports:write'] },
  'weather.read': { staff: ['agent', 'supervisor', 'billing', 'operator'], customer: false, scopes: ['weather:write'] },
  'weather.write': { staff: ['supervisor', 'operator'], customer: false, scopes: ['weather:write'] },
  'tariff.read': {
    staff: [...readers, 'operator'],
    customer: true,
    scopes: ['customers:read', 'usage:read', 'tariffs:write'],
  },
  'tariff.write': { staff: ['billing', 'supervisor'], customer: false, scopes: ['tariffs:write'] },
  'facts.write': { staff: [], customer: false, scopes: ['facts:write'] },
  'fact.read': { staff: readers, customer: true, scopes: ['customers:read'] },
  ops: { staff: ['operator'], customer: false, scopes: [] },
} as const satisfies Readonly<Record<ActName, ActRule>>;

/** Whether customers are not told of an act, as the log names it. */
export const isUnsaid = (act: string): boolean =>
  Object.entries<ActRule>(actRules).some(([name, { unsaid }]) => name === act && unsaid === true);

/** What each role may read personal data for. A role with several must say which (header Rotunda-Purpose). */
export const purposesOfRole: Readonly<Record<StaffRole, readonly Purpose[]>> = {
  agent: ['service'],
  supervisor: ['service', 'billing', 'debt', 'safety', 'privacy', 'test'],
  field: ['service', 'safety'],
  billing: ['service', 'billing', 'debt'],
  privacy: ['privacy'],
  auditor: ['audit'],
  operator: ['test'],
};
