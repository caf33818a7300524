import * as z from 'zod';
import { serviceSettled } from '#functions/accounts/contract/account-facts.ts';
import { placeSettled } from '#functions/meters/contract/meter-facts.ts';
import { Instant, Kept, keptMarks, LocalDate, Masked } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';

const { shape: service } = serviceSettled.data;
const { shape: place } = placeSettled.data;

const ServiceBody = z
  .strictObject({
    accountId: id('account').describe('Which of the accounts has the point on these days.'),
    from: service.from,
    to: service.to,
    reason: service.reason.describe('Why, e.g. what contract was seen.'),
  })
  .refine(({ from, to }) => to === undefined || from < to, { path: ['to'], message: 'must be after from' });

const PlaceBody = z
  .strictObject({
    servicePointId: id('servicePoint').describe('Which of the service points it measures then.'),
    from: place.from,
    to: place.to,
    reason: place.reason.describe('Why, e.g. what was seen on site.'),
  })
  .refine(({ from, to }) => to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });

const dispute = { capability: 'explain', act: 'dispute.settle', personal: true } as const;
const settling = { ...dispute, method: 'POST', reason: 'body', status: 201, idempotency: 'optional' } as const;
const takingBack = {
  ...dispute,
  method: 'POST',
  reason: 'body',
  status: 201,
  idempotency: 'optional',
  body: z.strictObject({ reason: service.reason.describe('What was wrong with it.') }),
  response: z.object({ ...Kept, settlement: z.string().describe('Fact of the decision.'), masked: Masked }),
  marks: { ...keptMarks, settlement: 'plain', masked: 'plain' },
  description: 'Retracts the fact of the decision: where the sources differ, it is in dispute again.',
} as const;

/** Where sources say that different accounts have a point, or a meter different points: a supervisor decides. */
export const disputeRoutes = [
  defineRoute({
    ...settling,
    operationId: 'settleServicePoint',
    path: '/v1/service-points/{id}/settlements',
    subject: 'servicePoint',
    summary: 'Settle which account takes service at a point',
    description:
      'Says which of the claims that sources dispute holds over some days. It goes before every source until it is taken back, also before what they tell later.',
    body: ServiceBody,
    response: z.object({
      ...Kept,
      servicePointId: z.string(),
      accountId: z.string(),
      from: LocalDate,
      to: LocalDate.nullable(),
      masked: Masked,
    }),
    marks: {
      ...keptMarks,
      servicePointId: 'plain',
      accountId: 'plain',
      from: 'plain',
      to: 'plain',
      masked: 'plain',
    },
  }),
  defineRoute({
    ...takingBack,
    operationId: 'unsettleServicePoint',
    path: '/v1/service-points/{id}/settlements/{factId}/undo',
    subject: 'servicePoint',
    summary: 'Take back what was settled of a point',
  }),
  defineRoute({
    ...settling,
    operationId: 'settleMeter',
    path: '/v1/meters/{id}/settlements',
    subject: 'meter',
    summary: 'Settle which service point a meter measures',
    description:
      'Says which of the places that sources dispute holds over some time. It goes before every source until it is taken back, also before what they tell later.',
    body: PlaceBody,
    response: z.object({
      ...Kept,
      meterId: z.string(),
      servicePointId: z.string(),
      from: Instant,
      to: Instant.nullable(),
      masked: Masked,
    }),
    marks: { ...keptMarks, meterId: 'plain', servicePointId: 'plain', from: 'plain', to: 'plain', masked: 'plain' },
  }),
  defineRoute({
    ...takingBack,
    operationId: 'unsettleMeter',
    path: '/v1/meters/{id}/settlements/{factId}/undo',
    subject: 'meter',
    summary: 'Take back what was settled of a meter',
  }),
];
