import { describe, expect, it } from 'vitest';
import { withNamed } from '#scripts/new/readme-line.ts';
import {
  hasMember,
  knowsName,
  withFactCase,
  withImport,
  withMember,
  withOperation,
  withSortedMember,
  withStatement,
} from '#scripts/new/syntax.ts';

describe('an insertion by the syntax tree', () => {
  it.each([
    ['an array', "const list = ['a'] as const;", ['list'], "const list = ['a',\nNEW] as const;"],
    ['an empty array', 'const list = [];', ['list'], 'const list = [NEW];'],
    ['an array with a last comma', 'const list = [\n  a,\n];', ['list'], 'const list = [\n  a,\nNEW,\n];'],
    ['an object that a call is given', 'const one = f({ a: 1 });', ['one'], 'const one = f({ a: 1,\nNEW });'],
    ['a map', 'const rows = new Map([a]);', ['rows'], 'const rows = new Map([a,\nNEW]);'],
    [
      'what satisfies a type',
      'const o = { a } as const satisfies T;',
      ['o'],
      'const o = { a,\nNEW } as const satisfies T;',
    ],
    [
      'a member below members, one of them quoted',
      "const all = { 'a-b': { runs: [x] }, c: { runs: [y] } };",
      ['all', 'a-b', 'runs'],
      "const all = { 'a-b': { runs: [x,\nNEW] }, c: { runs: [y] } };",
    ],
  ])('puts a member last in %s', (_what, text, path, expected) => {
    expect(withMember(text, path, 'NEW')).toBe(expected);
  });

  it('keeps a list in order, whatever marks stand around a name, and comments with what they are about', () => {
    const text = "const all = {\n  audit,\n  // Speaks.\n  'sign-in': signIn,\n  usage,\n};";
    expect(withSortedMember(text, ['all'], 'complaints')).toBe(text.replace('  // Speaks', '  complaints,\n// Speaks'));
    expect(withSortedMember(text, ['all'], 'zones')).toContain('usage,\nzones,');
  });

  it('is not led astray by a text or a comment that looks like the place', () => {
    const text = "// const list = [];\nconst said = 'const list = []';\nconst list = [a];";
    expect(withMember(text, ['list'], 'b')).toBe(text.replace('[a]', '[a,\nb]'));
  });

  it('says which list is not there any more', () => {
    expect(() => withMember('const other = [];', ['list', 'runs'], 'x')).toThrow('has no list or object list.runs');
    expect(() => withOperation('const api = {};', () => 'x')).toThrow('add the one by hand');
    expect(() => withFactCase('switch (other) {}', 'x')).toThrow('has no switch on fact.type');
  });

  it('puts a case before the default, and an operation behind the last, told by which name its parts go', () => {
    const rule =
      'const f = (fact) => {\n  switch (fact.type) {\n    case a:\n      return 1;\n    default:\n      return 2;\n  }\n};';
    expect(withFactCase(rule, 'case b:\nreturn 3;')).toContain('return 1;\n    case b:\nreturn 3;\ndefault:');
    const api = 'const operations = (deps: Deps) => { return { a: 1 } satisfies Partial<Operations>; };';
    expect(withOperation(api, (parts) => `b: ${parts}`)).toContain('{ a: 1,\nb: deps } satisfies');
  });

  it('takes more from a file that is imported, once, and imports types apart', () => {
    const text = "import { a } from './x.ts';\nimport * as z from 'zod';\n";
    expect(withImport(text, "import { a, b } from './x.ts';")).toBe(text.replace('{ a }', '{ a, b }'));
    expect(withImport(text, "import * as z from 'zod';")).toBe(text);
    expect(withImport(text, "import type { T } from './x.ts';")).toContain("'zod';\nimport type { T } from './x.ts';");
  });

  it('takes away, with the first statement, that a file exports nothing', () => {
    expect(withStatement('// Nothing yet.\nexport {};\n', 'export const a = 1;').trim()).toBe('export const a = 1;');
  });

  it('knows what a text declares, imports and lists', () => {
    const text = "import * as all from './all.ts';\nimport { a as b } from './x.ts';\nconst c = ['d'];";
    expect(['all', 'a', 'b', 'c', 'd'].filter((name) => knowsName(text, name))).toEqual(['all', 'b', 'c']);
    expect(hasMember(text, ['c'], "'d'")).toBe(true);
  });
});

describe('a line of a README', () => {
  it.each([
    ['- **Runs:** nothing.', '- **Runs:** NEW.'],
    ['- **Runs:** none: places are told elsewhere.', '- **Runs:** NEW.'],
    ['- **Runs:** `a`, `b`.', '- **Runs:** `a`, `b`, NEW.'],
    ['- **Runs:** `a`; `b` shows what goes out.', '- **Runs:** `a`, NEW; `b` shows what goes out.'],
    ['- **Runs:** `stream.ts` follows. Rarely.', '- **Runs:** `stream.ts` follows, NEW. Rarely.'],
  ])('names one thing more: %s', (line, expected) => {
    expect(withNamed(`# x\n${line}\nend`, 'Runs', 'NEW')).toBe(`# x\n${expected}\nend`);
  });

  it('is told where there is none', () => {
    expect(() => withNamed('# x', 'Runs', 'NEW')).toThrow('has no line "- **Runs:**"');
  });
});
