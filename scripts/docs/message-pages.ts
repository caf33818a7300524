import type * as z from 'zod';
import { MeterEvent } from '#functions/readings/contract/meter-event.ts';
import { RegisterRead } from '#functions/readings/contract/register-read.ts';
import { type TelemetryKind, telemetryTopic } from '#functions/readings/contract/topics.ts';
import { fieldRows, plainTable } from './field-table.ts';
import { inputSchema, type JsonSchema } from './json-schema.ts';
import { generatedNote, jsonBlock, page } from './markdown.ts';
import type { Pages } from './pages.ts';

interface SmallMessage {
  readonly format: string;
  readonly topic: TelemetryKind;
  readonly schema: z.ZodType;
  readonly about: readonly string[];
  readonly example: { readonly meter: string } & Readonly<Record<string, string | number>>;
}

const meter = 'mtr_0123456789ABCDEFGHJKMNPQRS';

const messages: readonly SmallMessage[] = [
  {
    format: 'meter-event.v1',
    topic: 'event',
    schema: MeterEvent,
    about: [
      'What a meter tells at once: power that went or came back, a tampered cover, water that never stops, a clock that ran off.',
      'Power is an outage at the premise the meter measured then: `power-outage` and `last-gasp` of one second are one outage, and a `power-restoration` ends the outage of its `since`, or brings both where the news of the outage was lost. Outages of a premise that begin within five minutes of each other, whoever tells of them, end together. A meter of gas or water tells of its own power, which is no outage: that stands with the service point like the others.',
      'The others stand with the service point (`events`) and on the timeline. A `leak` is an alert in the 360 view for seven days from when it was told last: no event says that it is over. `tamper` opens a task for the meter at once, and customers are not told of it. `clock` is an exception of its day where the clock ran off by more than is allowed. The same message twice is one event.',
    ],
    example: {
      v: 1,
      kind: 'meter-event',
      meter,
      event: 'power-restoration',
      at: 1_772_653_510,
      since: 1_772_644_200,
      seq: 3,
    } as const,
  },
  {
    format: 'register-read.v1',
    topic: 'register',
    schema: RegisterRead,
    about: [
      'What the dial of a register stood at: a total in the scale of the register, from which intervals are checked and missing ones estimated. Of a register that sends no intervals the reads say what was used between them.',
      'The same message twice is one read. Another value for the same instant is a correction, which is for the head end alone to say, by a file: there the highest `revision` counts. What a meter itself says with a revision above 0, or otherwise than before, is kept in quarantine.',
    ],
    example: {
      v: 1,
      kind: 'register-read',
      meter,
      register: 'E1',
      at: 1_772_323_200,
      value: 1_043_217,
      seq: 12,
    } as const,
  },
];

/** Pages and schemas of the small messages that a meter sends beside its usage. */
export const messagePages = (): Pages =>
  new Map(
    messages.flatMap(({ format, topic, schema, about, example }): [string, string][] => {
      const shape: JsonSchema = { title: format, ...inputSchema(schema) };
      const published = `A meter publishes it with QoS 1 to \`${telemetryTopic(topic, 'local', example.meter)}\` (\`local\` is the stage), over mutual TLS, with the id of the meter as client id.`;
      return [
        [`docs/schemas/${format}.json`, `${JSON.stringify(shape, undefined, 2)}\n`],
        [
          `docs/${format.replace('.v1', '')}.md`,
          page(
            generatedNote('functions/readings/contract'),
            `# ${format}`,
            ...about,
            published,
            `Schema: [${format}.json](schemas/${format}.json). Test vectors, valid and refused: [meter-messages-v1.json](vectors/meter-messages-v1.json).`,
            plainTable(fieldRows(shape)),
            '## Example',
            jsonBlock(example),
          ),
        ],
      ];
    }),
  );
