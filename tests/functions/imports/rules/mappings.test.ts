import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';
import { mappingOf } from '#tests/support/csv-mappings.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const page = readFileSync(`${root}docs/import.md`, 'utf8');
const names = readdirSync(`${root}functions/imports/rules/csv/mappings`).map((file) => file.replace(/\.json$/, ''));

describe('the mappings of the project', () => {
  it.each(names)('%s is one, under its own name, and says what it is of', (name) => {
    const mapping = mappingOf(name);
    expect(mapping.name).toBe(name);
    expect(mapping.about?.length).toBeGreaterThan(20);
  });

  it('are shown on the page about imports as they can be used', () => {
    const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text));
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(CsvMapping.safeParse(example).error).toBeUndefined();
    const [ontario] = examples;
    expect({ ...mappingOf('ontario-tou-home'), ...CsvMapping.parse(ontario) }).toEqual(mappingOf('ontario-tou-home'));
  });

  it('have every field explained on that page', () => {
    for (const field of Object.keys(CsvMapping.shape)) expect(page, field).toContain(`\`${field}`);
    for (const field of Object.keys(CsvMapping.shape.time.shape)) expect(page, field).toContain(`time.${field}\``);
  });
});
