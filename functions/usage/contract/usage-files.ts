import * as z from 'zod';
import { instantOrDate } from '#functions/premises/contract/premises.ts';
import { DownloadedFile } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';

const asked = {
  from: instantOrDate.optional().describe('First instant or local date. Absent: twelve whole months and that of `to`.'),
  to: instantOrDate.optional().describe('Instant or local date after the last. Absent: now.'),
  register: z
    .string()
    .regex(/^[A-Za-z0-9]{1,8}$/)
    .optional()
    .describe('One register alone. Absent: all of them.'),
};

const marks = { name: 'plain', type: 'plain', text: 'usage' } as const satisfies ResponseMarks;

/** Readings of a service point as files. */
export const usageFileRoutes = [
  defineRoute({
    operationId: 'downloadGreenButton',
    method: 'GET',
    path: '/v1/service-points/{id}/green-button',
    capability: 'usage',
    summary: 'Download readings as Green Button',
    description:
      'A Green Button file (ESPI 4.0 in Atom): the service point, its local time, and for each register its intervals with their quality. Customers get the time of their own agreements. Resources keep their ids from one download to the next.',
    act: 'usage.download',
    subject: 'servicePoint',
    personal: true,
    query: z.strictObject(asked),
    file: ['application/atom+xml'],
    response: DownloadedFile,
    marks,
  }),
  defineRoute({
    operationId: 'downloadUsage',
    method: 'GET',
    path: '/v1/service-points/{id}/usage-file',
    capability: 'usage',
    summary: 'Download readings as CSV or NEM12',
    description:
      'Readings as a CSV file for people, with local times and quality in words, or as a NEM12 file of the Australian market. Customers get the time of their own agreements.',
    act: 'usage.download',
    subject: 'servicePoint',
    personal: true,
    query: z.strictObject({ format: z.enum(['csv', 'nem12']).default('csv'), ...asked }),
    file: ['text/csv'],
    response: DownloadedFile,
    marks,
  }),
];
