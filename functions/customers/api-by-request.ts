import type { Fact } from '#shared/contracts/facts/fact.ts';
import { idToBe, keepFacts, type WriteRequest } from '#shared/edge/keep-facts.ts';
import { openFact } from '#shared/facts/open-fact.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { AskedChange } from './contract/contact-facts.ts';
import { mostOpenRequests } from './rules/change-requests.ts';
import { interactions } from './rules/interactions.ts';

export interface ByRequestParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
}

const code = 'change.by-request';

/** What a request asks for, as its fact holds it; nothing where the customer was erased. */
export const askedIn = (fact: Fact): AskedChange => {
  if (fact.type !== 'contact.change-request.made.v1') return {};
  const { customer: _customer, channel: _channel, ...asked } = fact.data;
  return AskedChange.safeParse(asked).data ?? {};
};

/** The refusal that names the request which the wish is now. */
const refusal = (members: readonly string[], interactionId: string, audited: boolean): DomainError =>
  new DomainError('forbidden', code, 'That is changed by request: a supervisor decides on it.', {
    errors: members.map((member) => ({
      pointer: member === '' ? '' : `/${member}`,
      code: 'by-request',
      message: 'is not for customers to change',
    })),
    extra: { interactionId },
    audited,
  });

/** The open requests of a customer, the version they were read at, and the one that asks for the same. */
const standing = async (parts: ByRequestParts, customer: string, asked: AskedChange) => {
  const { states } = await loadSubject(parts.profile, customer);
  const { open } = stateOf(states, interactions).state.requests;
  const facts = await Promise.all(open.map(({ fact }) => openFact(parts.profile, parts.sealer, fact)));
  const wanted = canonicalJson(asked);
  const same = open.find((_, place) => {
    const fact = facts[place];
    return fact !== undefined && canonicalJson(askedIn(fact)) === wanted;
  });
  return { open, same, version: versionOf(states) };
};

/** How often a wish is weighed anew where the record was written meanwhile. */
const mostTries = 6;

/**
 * Keeps what a customer may not do themselves as their request, in one commit with the audit entry of the refusal, and answers the
 * refusal (403), which names it. A wish that is open already stays the one it is; of others a customer has five open at most.
 * @param members of the body that are not for customers to send
 */
export const byRequest = async (
  parts: ByRequestParts,
  request: WriteRequest,
  members: readonly string[],
  asked: AskedChange,
): Promise<DomainError> => {
  const customer = request.subjectId ?? '';
  for (let tried = 1; ; tried += 1) {
    const { open, same, version } = await standing(parts, customer, asked);
    if (same !== undefined) return refusal(members, same.id, false);
    if (open.length >= mostOpenRequests)
      return new DomainError('conflict', 'change-requests.full', 'Five of your requests wait to be decided on.');
    // What is remembered under a key is an answer that was given, and this is a refusal: the wish itself is not kept twice.
    const { idempotency: _key, ...rest } = request;
    const wish = { ...rest, expectedVersion: version, audit: { ...request.audit, outcome: `refused:${code}` } };
    const id = idToBe(wish, 'interaction');
    const fact = { type: 'contact.change-request.made.v1', data: { customer, channel: 'web', ...asked } };
    try {
      await keepFacts(parts, wish, [fact], () => ({ body: undefined }));
      return refusal(members, id, true);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'precondition-failed' || tried >= mostTries) throw error;
    }
  }
};
