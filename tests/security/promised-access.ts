import { routes } from '#functions/routes.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import type { Who } from '#tests/edge/api-stand.ts';

/** Who may do what, written down once more from the promise ("Acts"), not from the code. */
const deskAndBilling = ['agent', 'supervisor', 'billing', 'privacy', 'field'];
export const promised: Readonly<
  Record<
    string,
    { readonly staff: readonly string[]; readonly own: boolean; readonly scope?: string | readonly string[] }
  >
> = {
  readHealth: { staff: [], own: false },
  readOpenApi: { staff: [], own: false },
  sendFacts: { staff: [], own: false, scope: 'facts:write' },
  readFact: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  searchCustomers: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  createCustomer: { staff: ['agent', 'supervisor'], own: false },
  listCustomerAccounts: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readCustomer: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  changeCustomer: { staff: ['agent', 'supervisor'], own: true },
  read360: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  explainField: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  pinAttribute: { staff: ['agent', 'supervisor'], own: false },
  unpinAttribute: { staff: ['agent', 'supervisor'], own: false },
  settleServicePoint: { staff: ['supervisor'], own: false },
  unsettleServicePoint: { staff: ['supervisor'], own: false },
  settleMeter: { staff: ['supervisor'], own: false },
  unsettleMeter: { staff: ['supervisor'], own: false },
  readTimeline: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  logInteraction: { staff: ['agent', 'supervisor'], own: true },
  listChangeRequests: { staff: ['supervisor'], own: false },
  readChangeRequests: { staff: ['agent', 'supervisor'], own: true },
  decideChangeRequest: { staff: ['supervisor'], own: false },
  addContactPoint: { staff: ['agent', 'supervisor'], own: true },
  changeContactPoint: { staff: ['agent', 'supervisor'], own: true },
  removeContactPoint: { staff: ['agent', 'supervisor'], own: true },
  readAccessLog: { staff: ['privacy', 'supervisor', 'auditor'], own: true },
  requestErasure: { staff: ['privacy'], own: false },
  decideErasure: { staff: ['privacy'], own: false },
  readErasure: { staff: ['privacy'], own: false },
  listErasureRequests: { staff: ['privacy'], own: false },
  mergeCustomers: { staff: ['supervisor'], own: false },
  undoMerge: { staff: ['supervisor'], own: false },
  readAccount: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  listAgreements: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  listBills: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'customers:read' },
  listPayments: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'customers:read' },
  readLedger: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'customers:read' },
  takePayment: { staff: ['agent', 'supervisor', 'billing'], own: false },
  reversePayment: { staff: ['agent', 'supervisor', 'billing'], own: false },
  decideReversal: { staff: ['supervisor', 'billing'], own: false },
  listReversalRequests: { staff: ['supervisor', 'billing'], own: false },
  reportOutage: { staff: ['agent', 'supervisor'], own: true },
  readOutage: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  restoreOutage: { staff: ['field', 'supervisor'], own: false },
  listDuplicates: { staff: ['agent', 'supervisor', 'privacy'], own: false },
  decideDuplicate: { staff: ['supervisor'], own: false },
  readPremise: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readServicePoint: { staff: deskAndBilling, own: true, scope: 'customers:read' },
  readUsage: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'usage:read' },
  downloadGreenButton: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'usage:read' },
  downloadUsage: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'usage:read' },
  readInsights: { staff: ['agent', 'supervisor', 'billing', 'privacy'], own: true, scope: 'usage:read' },
  decideInsight: { staff: ['agent', 'supervisor', 'billing'], own: false },
  listReadingExceptions: { staff: deskAndBilling, own: false, scope: 'usage:read' },
  resolveReadingException: { staff: ['supervisor', 'billing'], own: false },
  correctReadings: { staff: ['supervisor', 'billing'], own: false },
  listCorrections: { staff: ['supervisor', 'billing'], own: false },
  undoCorrection: { staff: ['supervisor', 'billing'], own: false },
  registerMeter: { staff: ['field'], own: false, scope: 'meters:write' },
  exchangeMeterKey: { staff: ['supervisor'], own: false },
  startImport: { staff: [], own: false, scope: 'imports:write' },
  readImport: { staff: ['supervisor'], own: false, scope: 'imports:write' },
  listImportErrors: { staff: ['supervisor'], own: false, scope: 'imports:write' },
  undoImport: { staff: ['supervisor'], own: false, scope: 'imports:write' },
  listWeatherAreas: { staff: ['agent', 'supervisor', 'billing', 'operator'], own: false, scope: 'weather:write' },
  readTemperatures: { staff: ['agent', 'supervisor', 'billing', 'operator'], own: false, scope: 'weather:write' },
  putTemperatures: { staff: ['supervisor', 'operator'], own: false, scope: 'weather:write' },
  listTariffs: {
    staff: [...deskAndBilling, 'operator'],
    own: true,
    scope: ['customers:read', 'usage:read', 'tariffs:write'],
  },
  readTariff: {
    staff: [...deskAndBilling, 'operator'],
    own: true,
    scope: ['customers:read', 'usage:read', 'tariffs:write'],
  },
  putTariff: { staff: ['supervisor', 'billing'], own: false, scope: 'tariffs:write' },
  readMeter: { staff: deskAndBilling, own: true, scope: 'customers:read' },
};

/** What each role says it reads for. */
export const purposeOf: Readonly<Record<StaffRole, string>> = {
  agent: 'service',
  supervisor: 'service',
  field: 'service',
  billing: 'billing',
  privacy: 'privacy',
  auditor: 'audit',
  operator: 'test',
};
export const staff: readonly StaffRole[] = [
  'agent',
  'supervisor',
  'field',
  'billing',
  'privacy',
  'auditor',
  'operator',
];
export const scopes = [
  'facts:write',
  'customers:read',
  'usage:read',
  'meters:write',
  'imports:write',
  'weather:write',
  'tariffs:write',
];
/** Whose things a request names: the caller's or their customer's, somebody else's, or nobody's. */
export const relations = ['own', 'other', 'none'] as const;

/** Whether a route needs no sign-in. */
export const open = (operationId: string): boolean => operationId === 'readHealth' || operationId === 'readOpenApi';
const good = (operationId: string): number => routes.find((route) => route.operationId === operationId)?.status ?? 200;

/** The status that the promise asks for. */
export const expected = (operationId: string, who: Who | undefined, relation: (typeof relations)[number]): number => {
  const rule = promised[operationId];
  if (rule === undefined) throw new Error(`no promise for ${operationId}`);
  if (open(operationId)) return 200;
  if (who === undefined) return 401;
  const named = routes.some(
    (route) => route.operationId === operationId && (route.subject !== 'none' || route.bodySubject !== undefined),
  );
  if (who === 'customer') {
    if (!rule.own) return 403;
    return named && relation !== 'own' ? 404 : good(operationId);
  }
  const may =
    typeof who === 'string'
      ? rule.staff.includes(who)
      : rule.scope !== undefined &&
        ([rule.scope].flat().some((scope) => who.scopes.includes(scope)) ||
          (operationId === 'readMeter' && who.scopes.includes('meters:write')));
  if (!may) return 403;
  return named && relation === 'none' ? 404 : good(operationId);
};
