import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#scripts/check/project-files.ts';

const run = promisify(execFile);
const type = 'billing.refund.issued.v1';
const contract = 'functions/accounts/contract/billing-facts.ts';
const rule = 'functions/accounts/rules/billing.ts';

const definition = `export const refundIssued = defineFact({
  type: '${type}',
  title: 'Refund issued',
  description: 'Money was paid back to the holder of an account.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'payment',
  severity: 'notable',
  data: z.strictObject({ account: idOrReference('account'), amount: PositiveMoney }),
  marks: { account: 'plain', amount: 'financial' },
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  resolves: { account: 'account' },
  examples: [{ name: 'credit paid back', data: { account, amount: { amountMinor: 1250, currency: 'GBP' } } }],
});

`;

const foldCase = `case '${type}': {
        const amount = inCurrency(state, fact.data.amount);
        return amount === undefined ? 'groundless' : { ...state, paid: state.paid - amount.amountMinor };
      }
      `;

const probe = `
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { families } from '#functions/profile.ts';
const definition = factTypes.get('${type}');
const data = definition?.data.parse(definition.examples[0].data);
const fact = {
  id: 'fct_0123456789ABCDEFGHJKMNPQRS', type: '${type}', source: { system: 'billing', actor: 'system:billing' },
  sourceEventId: '1', sourceSequence: 0, occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z',
  data, subjects: ['acc_0123456789ABCDEFGHJKMNPQRS'],
};
const { billing } = families;
const state = billing.apply(billing.empty(), fact, { created: () => undefined });
console.log(JSON.stringify({ subjects: definition?.subjects(data), paid: state.paid, retracted: factTypes.has('billing.refund.retracted.v1') }));
`;

describe('adding billing.refund.issued', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rotunda-scratch-'));
  const node = (...args: readonly string[]) => run(process.execPath, args, { cwd: scratch });
  const read = (path: string): string => readFileSync(join(scratch, path), 'utf8');
  /** Puts text before the one place a pattern names. */
  const insert = (path: string, before: RegExp, text: string): void => {
    const held = read(path);
    const at = held.search(before);
    expect(at, `${before} in ${path}`).toBeGreaterThan(0);
    writeFileSync(join(scratch, path), `${held.slice(0, at)}${text}${held.slice(at)}`);
  };

  beforeAll(async () => {
    for (const name of [
      'shared',
      'functions',
      'iot',
      'infra',
      'local',
      'cli',
      'scripts',
      'docs',
      'ARCHITECTURE.md',
      'package.json',
      'cdk.json',
      'tsconfig.json',
      '.gitignore',
    ]) {
      const from = join(projectRoot, name);
      if (existsSync(from)) cpSync(from, join(scratch, name), { recursive: true });
    }
    const types = { extends: './tsconfig.json', include: ['shared', 'functions'] };
    writeFileSync(join(scratch, 'tsconfig.types.json'), JSON.stringify(types));
    symlinkSync(join(projectRoot, 'node_modules'), join(scratch, 'node_modules'));
    insert(contract, /export const billingFacts/, definition);
    insert(contract, / {2}billIssued,\n/, '  refundIssued,\n');
    insert(rule, /case 'billing\.payment\.reversed\.v1':\s+return/, foldCase);
    // Every page, and for that of the cost two stages are synthesized.
    await node('--import', 'tsx', 'scripts/docs/main.ts');
  }, 240_000);
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('takes its contract, one fold case and one line in a list, and the types still hold', async () => {
    await node('node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json');
  }, 120_000);

  it('is folded, and has a retracted twin', async () => {
    writeFileSync(join(scratch, 'scripts/probe.ts'), probe);
    const { stdout } = await node('--import', 'tsx', 'scripts/probe.ts');
    expect(JSON.parse(stdout)).toEqual({
      subjects: [
        {
          kind: 'account',
          named: { namespace: 'billing', value: '000123' },
          pointer: '/data/account',
          family: 'billing',
        },
      ],
      paid: -1250,
      retracted: true,
    });
  });

  it('gets its page, its schema and a line in the index', () => {
    expect(read(`docs/events/${type}.md`)).toContain('### credit paid back');
    expect(JSON.parse(read(`docs/schemas/${type}.json`))).toMatchObject({ properties: { type: { const: type } } });
    expect(read('docs/events/README.md')).toContain(`[${type}](${type}.md)`);
  });
});
