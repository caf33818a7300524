import type { Leaf } from './alternative.ts';
import type { Json } from './json.ts';

/** Which element of which list a value lies in, for each list above it. */
export type Elements = ReadonlyMap<number, number>;

/** A leaf of an event with the names above it joined by dots. */
export interface Field {
  readonly leaf: Leaf;
  readonly elements: Elements;
}

/** Fields of an event by path; only those a pattern asks for. */
export type Fields = ReadonlyMap<string, readonly Field[]>;

/** Takes an event apart, the paths of a pattern in view. */
export const fieldsOf = (event: Json, wanted: readonly string[]): Fields => {
  const fields = new Map<string, Field[]>();
  let lists = 0;
  const leadsOn = (path: string): boolean => wanted.some((name) => name.startsWith(path));

  const add = (node: Json, path: string, elements: Elements): void => {
    if (node.kind === 'object') {
      for (const [name, value] of node.members) {
        const here = path === '' ? name : `${path}.${name}`;
        if (leadsOn(here)) add(value, here, elements);
      }
    } else if (node.kind === 'array') {
      const list = lists;
      lists += 1;
      // A plain value of a list belongs to no element: two fields may take two of them.
      for (const [index, item] of node.items.entries()) {
        const nested = item.kind === 'object' || item.kind === 'array';
        add(item, path, nested ? new Map([...elements, [list, index]]) : elements);
      }
    } else {
      const known = fields.get(path);
      if (known === undefined) fields.set(path, [{ leaf: node, elements }]);
      else known.push({ leaf: node, elements });
    }
  };

  add(event, '', new Map());
  return fields;
};
