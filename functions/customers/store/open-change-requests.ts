import * as z from 'zod';
import type { StateClaims } from '#shared/facts/state-claims.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { changeRequestKey, queuePartition, queueShardOf, queueShards } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { type AskedName, askedInWords, type OpenRequest } from '../rules/change-requests.ts';
import { interactions } from '../rules/interactions.ts';

/** What customers asked for and nobody has decided on, oldest first: a function of their states, so that it cannot drift. */
const requestsQueue = 'change-requests';

const sortOf = ({ at, id }: Pick<OpenRequest, 'at' | 'id'>): string => `${at}#${id}`;

/** The item of an open request: ids, an instant and names of fields, never what they are to become. */
const openRequestItem = (request: OpenRequest): Item => ({
  ...changeRequestKey(request.id),
  id: request.of,
  request: request.id,
  fact: request.fact,
  at: request.at,
  asked: [...request.asked],
  queue: queuePartition(requestsQueue, queueShardOf(request.id)),
  queueSort: sortOf(request),
});

/** Kept in step with the states of customers, through merges and their undoing. */
export const openChangeRequests: StateClaims = {
  of: 'customer',
  items: (states) => stateOf(states, interactions).state.requests.open.map(openRequestItem),
};

const askedNames = Object.keys(askedInWords).filter((name): name is AskedName => Object.hasOwn(askedInWords, name));

const Queued = z
  .object({
    id: z.string(),
    request: z.string(),
    fact: z.string(),
    at: z.string(),
    asked: z.array(z.enum(askedNames)),
  })
  .transform(({ id, request, ...rest }): OpenRequest => ({ ...rest, id: request, of: id }));

export interface ChangeRequestPage {
  readonly requests: readonly OpenRequest[];
  readonly next: string | undefined;
}

/**
 * A page of the open requests of all customers, the oldest first: one query for each of the queue's four partitions, and a read of
 * each that is shown.
 */
export const listChangeRequests = async (
  profile: Table,
  options: { readonly limit: number; readonly after?: string | undefined },
): Promise<ChangeRequestPage> => {
  const { limit, after } = options;
  // Sort keys have one width, so anything behind the last one sorts before the next.
  const from = after === undefined ? {} : { from: `${after}~` };
  const pages = await Promise.all(
    Array.from({ length: queueShards }, (_, shard) =>
      profile.query({ pk: queuePartition(requestsQueue, shard), index: 'queue', limit: limit + 1, ...from }),
    ),
  );
  const found = pages
    .flatMap(({ items }) => items.map((item) => Queued.parse(item)))
    .toSorted((one, other) => (sortOf(one) < sortOf(other) ? -1 : 1));
  const last = found.length > limit ? found[limit - 1] : undefined;
  // The index may lag behind a decision: what is shown is open as it stands.
  const shown = await Promise.all(
    found.slice(0, limit).map(async (request) => {
      const item = await profile.get(changeRequestKey(request.id), { consistent: true });
      return item === undefined ? [] : [request];
    }),
  );
  return { requests: shown.flat(), next: last === undefined ? undefined : sortOf(last) };
};
