import { OutgoingDetail } from '#shared/contracts/events/outgoing.ts';
import { fieldRows, plainTable, typeOf } from './field-table.ts';
import { inputSchema } from './json-schema.ts';
import { generatedNote, jsonBlock, page } from './markdown.ts';
import type { Pages } from './pages.ts';

const example: OutgoingDetail = {
  metadata: {
    eventId: 'fct_0123456789ABCDEFGHJKMNPQRS',
    subjectType: 'account',
    subjectId: 'acc_0123456789ABCDEFGHJKMNPQRS',
    sequence: 41,
    occurredAt: '2026-02-03T11:20:00.000Z',
    publishedAt: '2026-02-03T11:20:01.250Z',
    actor: 'system:billing',
    schemaVersion: 1,
    dataClassification: 'internal',
  },
  data: {
    subjects: ['acc_0123456789ABCDEFGHJKMNPQRS'],
    entityId: 'pay_0123456789ABCDEFGHJKMNPQRS',
    fields: ['account', 'amount', 'method'],
  },
};

/** Page and schema of the `detail` that every outgoing event has. */
export const outgoingPages = (): Pages => {
  const schema = inputSchema(OutgoingDetail);
  const { $schema, ...rest } = schema;
  const titled = { ...($schema === undefined ? {} : { $schema }), title: 'Outgoing event', ...rest };
  return new Map([
    ['docs/schemas/outgoing.json', `${JSON.stringify(titled, undefined, 2)}\n`],
    [
      'docs/events/outgoing.md',
      page(
        generatedNote('shared/contracts/events'),
        '# Outgoing events',
        'A stored fact goes out on the outbound bus as an event: `source` is `rotunda.` and the first word of its type (`rotunda.billing`), `detail-type` is its type, `detail` is as below. It says that something happened and to whom, never what a personal field holds; who needs the values fetches the fact by its id.',
        'Delivery is at least once and in no order. Know an event again by `eventId`, order the events of a subject by `sequence`, and where a number is missing fetch what lies between.',
        `Schema: [outgoing.json](../schemas/outgoing.json), an ${typeOf(schema)}.`,
        plainTable(fieldRows(schema)),
        '## Example',
        jsonBlock(example),
      ),
    ],
  ]);
};
