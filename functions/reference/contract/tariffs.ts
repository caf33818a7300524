import * as z from 'zod';
import { Instant, LocalDate, listMarks, page, paging, Version } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Currency } from '#shared/vocabulary/money.ts';
import { PricedUnit, UnitPriceText } from '#shared/vocabulary/prices.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';

const mostPrices = 400;

const PriceEntry = z.strictObject({
  from: LocalDate.describe('Local date from which on it holds, until the `from` of the next entry.'),
  energyPrice: UnitPriceText,
});

/** Entries follow one another, so that no day has two prices and none between them has none. */
const Prices = z
  .array(PriceEntry)
  .min(1)
  .max(mostPrices)
  .superRefine((prices, context) => {
    prices.forEach(({ from }, place) => {
      const before = prices[place - 1];
      if (before !== undefined && before.from >= from)
        context.addIssue({ code: 'custom', path: [place, 'from'], message: 'must be later than the entry before' });
    });
  });

const members = {
  name: z.string().min(1).max(80).optional().describe('Name that customers know it by.'),
  commodity: Commodity,
  currency: Currency,
  unit: PricedUnit.describe('What `energyPrice` is the price of one of.'),
  prices: Prices.describe('Ascending by date; the last has no end.'),
};

const Tariff = z.object({
  code: z.string().describe('Code that agreements name.'),
  ...members,
  version: Version,
  changedAt: Instant,
  changedBy: z.string().optional().describe('Who set these prices, for staff; who set those before is in the audit.'),
});
const tariffMarks: ResponseMarks = {
  code: 'plain',
  name: 'plain',
  commodity: 'plain',
  currency: 'plain',
  unit: 'plain',
  prices: 'plain',
  version: 'plain',
  changedAt: 'plain',
  changedBy: 'internal',
};

const common = { capability: 'reference', subject: 'none', personal: false } as const;

export const tariffRoutes = [
  defineRoute({
    ...common,
    operationId: 'listTariffs',
    method: 'GET',
    path: '/v1/tariffs',
    summary: 'List the tariffs and their prices',
    act: 'tariff.read',
    list: true,
    query: z.strictObject(paging),
    response: page(Tariff),
    marks: listMarks(tariffMarks),
  }),
  defineRoute({
    ...common,
    operationId: 'readTariff',
    method: 'GET',
    path: '/v1/tariffs/{id}',
    summary: 'Read a tariff and its prices',
    act: 'tariff.read',
    response: Tariff,
    marks: tariffMarks,
  }),
  defineRoute({
    ...common,
    operationId: 'putTariff',
    method: 'PUT',
    path: '/v1/tariffs/{id}',
    reason: 'optional',
    about: { kind: 'tariff', param: 'id' },
    summary: 'Put a tariff with its prices',
    description:
      'The whole tariff, in place of what was kept under its code; the same again changes nothing. Costs are told by the price that held on the day of use.',
    act: 'tariff.write',
    body: z.strictObject(members),
    response: Tariff,
    marks: tariffMarks,
  }),
];
