import type { Operations } from '#shared/edge/operation.ts';
import { type SearchDependencies, searchCustomers } from './search-customers.ts';

/** Operations of search: finding customers. A customer finds none but themselves. */
export const searchOperations = (parts: SearchDependencies) =>
  ({
    searchCustomers: async (request) => {
      const { q, limit, cursor } = request.query;
      const answer = await searchCustomers(parts, {
        q,
        limit,
        after: cursor,
        view: request.view,
        ...(request.self === undefined ? {} : { only: new Set([request.self]) }),
      });
      return {
        body: {
          data: answer.data.map(({ address, accounts, former, matchedOn, unmet, ahead, ...hit }) => ({
            ...hit,
            accounts: [...accounts],
            ...(former.length === 0 ? {} : { formerAccounts: [...former] }),
            matchedOn: matchedOn.map((reason) => ({ ...reason })),
            ...(address === undefined ? {} : { address }),
            ...(unmet.length === 0 ? {} : { unmet: [...unmet] }),
            ...(ahead === undefined ? {} : { aheadBy: ahead }),
          })),
          next: answer.next,
          masked: [],
        },
        subjects: answer.data.map((hit) => hit.id),
      };
    },
  }) satisfies Partial<Operations>;
