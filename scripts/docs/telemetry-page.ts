import { blockLimits } from '#functions/readings/contract/block-limits.ts';
import { telemetryTopic } from '#functions/readings/contract/topics.ts';
import { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { fieldRows, plainTable } from './field-table.ts';
import { frameSection } from './frame-section.ts';
import { inputSchema, type JsonSchema } from './json-schema.ts';
import { generatedNote, jsonBlock, page } from './markdown.ts';
import type { Pages } from './pages.ts';

const example = {
  v: 1,
  meter: 'mtr_0123456789ABCDEFGHJKMNPQRS',
  register: 'E1',
  start: 1_772_323_200,
  interval: 1800,
  values: [141, 88, null, 0],
  seq: 7,
} as const;

/** Page and schema of what a meter sends. */
export const telemetryPages = (): Pages => {
  const schema: JsonSchema = { title: 'usage-block.v1', ...inputSchema(UsageBlock) };
  return new Map([
    ['docs/schemas/usage-block.v1.json', `${JSON.stringify(schema, undefined, 2)}\n`],
    [
      'docs/usage-block.md',
      page(
        generatedNote('functions/readings/contract'),
        '# usage-block.v1',
        'What a meter sends: consecutive intervals of one register within one local date of the meter. Values are integers in the scale of the register; a missing interval is said as `null`, never left out.',
        `A meter publishes it with QoS 1 to the topic it got when it was registered, e.g. \`${telemetryTopic('usage', 'local', example.meter)}\`, over mutual TLS, with the id of the meter as client id. The same block twice is one block. A meter that knows more of intervals it told already says them again with \`revision\` 1 to ${blockLimits.meterRevision}: that fills what was missing and replaces nothing. To correct is the head end's alone, by a file; what a meter sends above that, marks as edited (7), gives methods of, or says otherwise under the same start and revision is kept in quarantine.`,
        'Schema: [usage-block.v1.json](schemas/usage-block.v1.json). Test vectors, valid and refused: [usage-block-v1.json](vectors/usage-block-v1.json), and as frames [usage-block-v1-binary.json](vectors/usage-block-v1-binary.json).',
        plainTable(fieldRows(schema)),
        '## Example',
        jsonBlock(example),
        ...frameSection(UsageBlock.parse(example)),
      ),
    ],
  ]);
};
