import { describe, expect, it } from 'vitest';
import { factPages } from '#scripts/docs/fact-pages.ts';
import { fieldRows, markOf } from '#scripts/docs/field-table.ts';
import { factSchema, inputSchema } from '#scripts/docs/json-schema.ts';
import { sourcePages } from '#scripts/docs/source-table.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';

const pages = factPages(factTypes);
const beside = sourcePages();

describe.each([...factTypes])('the page of %s', (type, definition) => {
  const text = pages.get(`docs/events/${type}.md`) ?? '';

  it('says what it is, shows every example and leads to its schema', () => {
    expect(text).toContain(`# ${definition.title}`);
    expect(text).toContain(definition.description);
    expect(text).toContain(`../schemas/${type}.json`);
    for (const { name, data } of definition.examples) {
      expect(text).toContain(`### ${name}`);
      expect(text).toContain(JSON.stringify(data, undefined, 2));
    }
  });

  it('names a class for every field', () => {
    const rows = fieldRows(inputSchema(definition.data));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ path }) => markOf(path, definition.marks) === undefined)).toEqual([]);
  });

  it('has a schema that fixes the type', () => {
    const schema = factSchema(definition);
    expect(schema.properties?.type).toEqual({ const: type });
    expect(pages.get(`docs/schemas/${type}.json`)).toBe(`${JSON.stringify(schema, undefined, 2)}\n`);
  });

  it('leads only to pages that exist', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+\.(?:md|json))\)/g)) {
      const path = target.startsWith('../') ? `docs/${target.slice(3)}` : `docs/events/${target}`;
      expect(pages.has(path) || beside.has(path), target).toBe(true);
    }
  });
});

it('is made the same twice', () => {
  expect([...factPages(factTypes)]).toEqual([...pages]);
});
