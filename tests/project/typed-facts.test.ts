import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectSources } from '#scripts/check/imports.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { stringReads } from '#scripts/check/string-reads.ts';

const run = promisify(execFile);

describe('a rule that reads a fact', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rotunda-typed-'));
  /** Compiles a copy of one fold with a text replaced in it; answers what the compiler complains of. */
  const complaintsOf = async (fold: string, text: string, mistyped: string): Promise<string> => {
    const held = readFileSync(join(projectRoot, fold), 'utf8');
    expect(held.split(text), `${text} in ${fold}`).toHaveLength(2);
    writeFileSync(join(scratch, fold), held.replace(text, mistyped));
    const types = { extends: './tsconfig.json', include: [fold] };
    writeFileSync(join(scratch, 'tsconfig.types.json'), JSON.stringify(types));
    const tsc = run(process.execPath, ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json'], {
      cwd: scratch,
    });
    const told = await tsc.then(
      () => '',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
    writeFileSync(join(scratch, fold), held);
    return told;
  };

  beforeAll(() => {
    for (const name of ['shared', 'functions', 'package.json', 'tsconfig.json'])
      cpSync(join(projectRoot, name), join(scratch, name), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(scratch, 'node_modules'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('compiles as it stands', async () => {
    expect(await complaintsOf('functions/privacy/rules/erasure.ts', 'fact.data.request', 'fact.data.request')).toBe('');
  }, 120_000);

  it('does not compile with a field mistyped', async () => {
    const told = await complaintsOf('functions/privacy/rules/erasure.ts', 'fact.data.request', 'fact.data.reqest');
    expect(told).toContain('erasure.ts');
    expect(told).toContain("'reqest' does not exist");
  }, 120_000);

  it('does not compile where it takes what is sealed for a text: it may be erased', async () => {
    const sealed = 'label: label ?? null';
    const told = await complaintsOf(
      'functions/customers/rules/contact-points.ts',
      sealed,
      'label: label?.trim() ?? null',
    );
    expect(told).toContain("'trim' does not exist");
  }, 120_000);

  it('does not compile with a field of another type of fact', async () => {
    const told = await complaintsOf('shared/profile/rules/links.ts', 'fact.data.merge', 'fact.data.other');
    expect(told).toContain("'other' does not exist");
  }, 120_000);

  it('reads no field by a text', () => {
    expect(stringReads(projectSources())).toEqual([]);
  });
});

describe('reads of fields by a text', () => {
  const rule = (text: string) => ({
    path: 'shared/profile/rules/probe.ts',
    text: `import type { Fact } from '#shared/contracts/facts/fact.ts';\n${text}`,
  });

  it('are found by the field, by a name that was given, and through functions that read so', () => {
    const text = `const text = (fact: Fact, field: string) => fact.data[field];
const when = (fact: Fact, field: string) => text(fact, field);
export const told = (fact: Fact) => [text(fact, 'to'), when(fact, 'from'), fact.data['at']];`;
    expect(stringReads([rule(text)]).map(({ line }) => line)).toEqual([2, 3, 4, 4, 4]);
  });

  it('are no reads of fields by their names, nor of data that are no fact’s', () => {
    expect(stringReads([rule('export const told = (fact: Fact) => fact.data.to;')])).toEqual([]);
    const bytes = {
      path: 'functions/imports/rules/read.ts',
      text: 'export const first = (data: Uint8Array) => data[0];',
    };
    expect(stringReads([bytes])).toEqual([]);
  });
});
