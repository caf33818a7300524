import type { BodyOf } from '#functions/routes.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { type FactToKeep, factToBe, idToBe, type WriteRequest } from '#shared/edge/keep-facts.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { AskedChange } from './contract/contact-facts.ts';

type Decision = BodyOf<'decideChangeRequest'>;

const refused = (member: string, code: string, message: string): DomainError =>
  new DomainError('invalid', 'body.invalid', 'The decision does not fit the request: see errors.', {
    errors: [{ pointer: `/${member}`, code, message }],
  });

const fact = (type: string, data: FactToKeep['data']): FactToKeep => ({ type, data, at: '/change' });

/** Facts that do what was asked of a contact point. */
const pointFacts = (
  request: WriteRequest,
  customer: string,
  { id, kind, value, label, verified, preferred, removed }: NonNullable<AskedChange['contactPoint']>,
  method: Decision['method'],
  place: number,
): readonly FactToKeep[] => {
  if (id !== undefined && removed === true) return [fact('customer.contact-point.removed.v1', { customer, point: id })];
  if (verified === true && method === undefined)
    throw refused('method', 'required', 'must say how it was proved that the contact point is theirs');
  const point = id ?? idToBe(request, 'contactPoint', place);
  const members = {
    ...(label === undefined ? {} : { label }),
    ...(preferred === undefined ? {} : { preferred }),
    ...(id === undefined || verified !== false ? {} : { verified }),
  };
  return [
    ...(id === undefined ? [fact('customer.contact-point.added.v1', { customer, kind, value, ...members })] : []),
    ...(id !== undefined && Object.keys(members).length > 0
      ? [fact('customer.contact-point.changed.v1', { customer, point, ...members })]
      : []),
    ...(verified === true ? [fact('customer.contact-point.verified.v1', { customer, point, method })] : []),
  ];
};

/** Facts that do what was asked for, as a supervisor's own word. */
const changeFacts = (
  request: WriteRequest,
  customer: string,
  { contactPoint, ...profile }: AskedChange,
  method: Decision['method'],
): readonly FactToKeep[] => {
  const corrected =
    Object.keys(profile).length > 0 ? [fact('customer.profile.corrected.v1', { customer, ...profile })] : [];
  return contactPoint === undefined
    ? corrected
    : [...corrected, ...pointFacts(request, customer, contactPoint, method, corrected.length)];
};

/** Whether a fact stands that said something of one of these records' profile. */
const isCorrection = async (profile: Table, id: string, records: readonly string[]): Promise<boolean> => {
  const stored = await readStoredFact(profile, id);
  if (stored === undefined || stored.retractedBy !== undefined) return false;
  const { type, subjects } = stored.fact;
  return type.startsWith('customer.') && !isRetraction(type) && records.includes(subjects[0] ?? '');
};

/** The facts of a decision, the decision last, and the fact that made the change. */
export const decisionFacts = async (
  profile: Table,
  request: WriteRequest,
  decision: Decision,
  about: {
    readonly customer: string;
    readonly records: readonly string[];
    readonly id: string;
    readonly asked: AskedChange;
  },
): Promise<{ readonly facts: readonly FactToKeep[]; readonly correction?: string }> => {
  const { outcome, reason } = decision;
  const settled = { customer: about.customer, request: about.id, outcome, reason };
  const type = 'contact.change-request.settled.v1';
  if (outcome === 'declined') return { facts: [{ type, data: settled }] };
  if (decision.correction !== undefined) {
    if (!(await isCorrection(profile, decision.correction, about.records)))
      throw refused('correction', 'unknown', 'must name a fact that stands and corrected this customer');
    return {
      facts: [{ type, data: { ...settled, correction: decision.correction } }],
      correction: decision.correction,
    };
  }
  const changes = changeFacts(request, about.customer, about.asked, decision.method);
  // Of somebody who was erased nothing is left that could be done.
  if (changes.length === 0) throw refused('outcome', 'nothing-asked', 'cannot be done: what was asked for is gone');
  const correction = factToBe(request, 0);
  return { facts: [...changes, { type, data: { ...settled, correction } }], correction };
};
