import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { auditItems } from '#shared/facts/audit.ts';
import type { Table } from '#shared/table/table.ts';
import { stored } from '#shared/vocabulary/instants.ts';
import { pathRefused } from './path-refused.ts';
import { listTariffs, putTariff, readTariff, type StoredTariff } from './store/tariffs.ts';

export interface TariffParts {
  readonly profile: Table;
  /** Milliseconds. */
  readonly now: () => number;
}

const codeForm = /^[^\p{Cc}]{1,40}$/u;

const codeOfPath = (code: string | undefined): string => {
  if (code === undefined || !codeForm.test(code))
    throw pathRefused('must be the code of a tariff, 1 to 40 characters, as agreements name it');
  return code;
};

const tariffView = ({ prices, ...rest }: StoredTariff): AnswerOf<'readTariff'> => ({
  ...rest,
  prices: prices.map((entry) => ({ ...entry })),
});

/** Tariffs by the code that agreements name, and the prices by which costs are told. */
export const tariffOperations = ({ profile, now }: TariffParts) =>
  ({
    listTariffs: async ({ query: { limit, cursor } }) => {
      const { tariffs, next } = await listTariffs(profile, limit, cursor);
      return { body: { data: tariffs.map(tariffView), next } };
    },
    readTariff: async ({ params }) => {
      const tariff = await readTariff(profile, codeOfPath(params.id), true);
      if (tariff === undefined) throw notFound();
      return { body: tariffView(tariff), version: tariff.version };
    },
    putTariff: async ({ params, body, call: { actor }, audit }) => {
      const { name, ...rest } = body;
      const tariff = { code: codeOfPath(params.id), ...rest, ...(name === undefined ? {} : { name }) };
      const change = { at: stored(now()), by: `${actor.kind}:${actor.id}` };
      const { kept, written } = await putTariff(profile, tariff, change, auditItems({ ...audit, count: 1 }));
      return { body: tariffView(kept), version: kept.version, audited: written };
    },
  }) satisfies Partial<Operations>;
