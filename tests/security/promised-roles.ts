import type { OperationId } from '#functions/routes.ts';

/**
 * What each kind of role on an account was promised, written down once more from the promise and not from the code: a landlord,
 * guarantor or nominee does not read how somebody lives, a guarantor no bills, a landlord no money; who only pays learns nothing of
 * the home.
 */
export const kinds = ['holder', 'joint', 'executor', 'agent', 'nominee', 'payer', 'guarantor', 'landlord'] as const;
export type Kind = (typeof kinds)[number];

const everybody: readonly Kind[] = kinds;
const owing: readonly Kind[] = ['holder', 'joint', 'executor'];
const acting: readonly Kind[] = ['agent', 'nominee'];

/** Whose debt it is. */
export const owe = owing;
/** Who is told what is owed. */
export const knowOwed: readonly Kind[] = [...owing, ...acting, 'payer', 'guarantor'];
/** Who is told of bills and payments, of the time of their role. */
export const knowBills: readonly Kind[] = [...owing, ...acting, 'payer'];
/** Who is told of the home: address, meter, outages. */
export const knowHome: readonly Kind[] = [...owing, ...acting, 'landlord'];
/** Who is told what was used. */
export const knowUse: readonly Kind[] = owing;

interface Promised {
  readonly within: readonly Kind[];
  /** Who may still ask of their own time once the role is over. */
  readonly after?: readonly Kind[];
}

/** Which kinds of roles may do each act on an account or on what hangs on it, while the role holds. */
export const promisedToRoles: Readonly<Partial<Record<OperationId, Promised>>> = {
  readAccount: { within: everybody, after: owing },
  listAgreements: { within: everybody, after: owing },
  listBills: { within: knowBills, after: owing },
  listPayments: { within: knowBills, after: owing },
  readLedger: { within: knowBills, after: owing },
  readPremise: { within: knowHome },
  readServicePoint: { within: knowHome },
  readMeter: { within: knowHome },
  readOutage: { within: knowHome },
  reportOutage: { within: knowHome },
  readUsage: { within: knowUse, after: knowUse },
  downloadUsage: { within: knowUse, after: knowUse },
  downloadGreenButton: { within: knowUse, after: knowUse },
  readInsights: { within: knowUse },
};
