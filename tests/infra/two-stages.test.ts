import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type StageConfig, stageConfig } from '#infra/config.ts';
import { Estate, type StackAt } from '#infra/limits/estate.ts';
import { findingLine } from '#infra/limits/limit.ts';
import { limitFindings } from '#infra/limits/limits.ts';
import { readStage } from '#infra/limits/read-estate.ts';
import { at, membersOf } from '#infra/template.ts';
import { tableNames } from '#shared/table/table.ts';
import { place, stacksInto } from '#tests/support/templates.ts';

/** The stacks of a stage, of which something may be configured otherwise. */
const stacksOf = (stage: string, said: Partial<StageConfig> = {}): readonly StackAt[] => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-stages-'));
  try {
    return readStage(stage, stacksInto(folder, { ...stageConfig(stage, place), ...said }));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

interface Taken {
  readonly stack: string;
  readonly output: string;
}

/** What a value takes from other stacks by name. */
const takenBy = (value: unknown): readonly Taken[] => {
  if (Array.isArray(value)) return value.flatMap(takenBy);
  return membersOf(value).flatMap(([key, member]) =>
    key === 'Fn::GetStackOutput'
      ? [{ stack: String(at(member, 'StackName')), output: String(at(member, 'OutputName')) }]
      : takenBy(member),
  );
};

const named = (stacks: readonly StackAt[], id: string): StackAt => {
  const found = stacks.find((stack) => stack.id === id);
  if (found === undefined) throw new Error(`no stack ${id}`);
  return found;
};

/** Outputs that CloudFormation would refuse to change or to remove while another stack has them. */
const exportsOf = ({ template }: StackAt): readonly string[] =>
  membersOf(template.Outputs).flatMap(([name, said]) => (at(said, 'Export') === undefined ? [] : [name]));

/** What stacks take that no stack offers. */
const missingIn = (stacks: readonly StackAt[]): readonly string[] =>
  stacks.flatMap(({ id, template }) =>
    takenBy(template)
      .filter(({ stack, output }) => {
        const from = stacks.find(({ name }) => name === stack);
        return at(from?.template.Outputs, output) === undefined;
      })
      .map(({ stack, output }) => `${id} takes ${output} of ${stack}`),
  );

let dev: readonly StackAt[] = [];
let prod: readonly StackAt[] = [];
beforeAll(() => {
  dev = stacksOf('dev');
  prod = stacksOf('prod');
}, 120_000);

describe('two stages in one account and region', () => {
  test('share what the account has once, which no stage makes by itself', () => {
    expect(named(dev, 'Account').name).toBe('rotunda-account');
    expect(named(dev, 'Account').template).toEqual(named(prod, 'Account').template);
    const once = ['AWS::ApiGateway::Account', 'AWS::IoT::Logging', 'AWS::IoT::AccountAuditConfiguration'];
    const own = new Estate([...dev, ...prod].filter(({ id }) => id !== 'Account')).ofType(...once);
    expect(own.map(({ stack, id }) => `${stack.name} ${id}`)).toEqual([]);
  });

  test('have no name twice, nothing that binds one stack to another, and nothing in the way of the next deployment', () => {
    const both = new Estate([...dev, ...prod.filter(({ id }) => id !== 'Account')]);
    expect(limitFindings(both).map(findingLine)).toEqual([]);
  });
});

describe('the stacks of a stage', () => {
  test('can go in any order but for the one that keeps data, which alone others take something from', () => {
    for (const stacks of [dev, prod]) {
      expect(stacks.map(({ id }) => id)).toEqual(['Account', 'Stateful', 'Ingest', 'Events', 'Api', 'Observability']);
      const stateful = named(stacks, 'Stateful');
      const taken = stacks.map(
        ({ id, template }) => [id, new Set(takenBy(template).map(({ stack }) => stack))] as const,
      );
      for (const [id, from] of taken)
        expect([id, [...from]]).toEqual([id, id === 'Account' || id === 'Stateful' ? [] : [stateful.name]]);
      expect(stacks.flatMap(exportsOf)).toEqual([]);
      expect(JSON.stringify(stacks.map(({ template }) => template))).not.toContain('Fn::ImportValue');
      expect(missingIn(stacks)).toEqual([]);
    }
  });
});

describe('a stage that is configured otherwise', () => {
  const { machineClients } = stageConfig('dev', place);

  test.each(machineClients.map(({ name }) => name))(
    'without the machine client %s changes while the other stacks stand as before',
    (name) => {
      const after = stacksOf('dev', { machineClients: machineClients.filter((client) => client.name !== name) });
      const ids = (stacks: readonly StackAt[]) =>
        new Estate([named(stacks, 'Stateful')]).ofType('AWS::Cognito::UserPoolClient').map(({ id }) => id);
      expect(ids(after)).toHaveLength(ids(dev).length - 1);
      // What stands takes an output that goes: nothing but an export would keep CloudFormation from that.
      expect(missingIn([named(after, 'Stateful'), named(dev, 'Api')]).length).toBeGreaterThan(0);
      expect(exportsOf(named(dev, 'Stateful'))).toEqual([]);
      expect(missingIn(after)).toEqual([]);
    },
    60_000,
  );

  test('without the portal changes in the same way', () => {
    const after = stacksOf('dev', { portalReturns: [] });
    expect(missingIn([named(after, 'Stateful'), named(dev, 'Api')]).length).toBeGreaterThan(0);
    expect(missingIn(after)).toEqual([]);
    const names = new Estate([named(after, 'Stateful')])
      .ofType('AWS::Cognito::UserPoolClient')
      .map(({ properties }) => at(properties, 'ClientName'));
    expect(names).toContain('console');
    expect(names).not.toContain('portal');
  }, 60_000);

  test.each(tableNames)(
    'takes another table in the place of %s, and nothing names the former one',
    (table) => {
      const other = `rotunda-dev-${table}-restored`;
      const after = stacksOf('dev', { tables: { [table]: other } });
      const tablesOf = (stacks: readonly StackAt[]) =>
        new Map(
          new Estate([named(stacks, 'Stateful')])
            .ofType('AWS::DynamoDB::Table')
            .map(({ id, properties, deletion }) => [id, { name: at(properties, 'TableName'), deletion }]),
        );
      const [before, now] = [tablesOf(dev), tablesOf(after)];
      const changed = [...now].filter(([id]) => !before.has(id));
      // An id of its own: CloudFormation takes the table in instead of replacing the former one, which it keeps.
      expect(changed.map(([, one]) => one)).toEqual([{ name: other, deletion: 'RetainExceptOnCreate' }]);
      expect([...before].filter(([id]) => !now.has(id)).map(([, one]) => one.name)).toEqual([`rotunda-dev-${table}`]);
      // A function may have the name of a table.
      const former = new RegExp(
        `(table/|_TABLE":"|"TableName":"|"TableName","Value":")rotunda-dev-${table}(?!-restored)`,
      );
      for (const { id, template } of after) {
        const text = JSON.stringify(template.Resources);
        expect([id, former.exec(text)?.[0] ?? 'names it nowhere']).toEqual([id, 'names it nowhere']);
      }
      expect(missingIn(after)).toEqual([]);
      expect(exportsOf(named(after, 'Stateful'))).toEqual([]);
    },
    60_000,
  );
});
