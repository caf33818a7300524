import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, projectRoot } from '#scripts/check/project-files.ts';
import { newCapability } from '#scripts/new/capability.ts';
import { Draft } from '#scripts/new/draft.ts';
import { newFact } from '#scripts/new/fact.ts';
import { newFunction, newReader } from '#scripts/new/function.ts';
import { knownNow } from '#scripts/new/known.ts';
import type { Ground } from '#scripts/new/plan.ts';
import { newRoute } from '#scripts/new/route.ts';

/** The project as it stands, and nothing that is planned is written. */
const ground = (): Ground => ({ draft: new Draft(projectRoot), known: knownNow() });
/** The project as it would be read anew once a capability was written. */
const withCapability = (name: string): Ground => {
  const { draft, known } = ground();
  newCapability({ draft, known }, name);
  return { draft, known: { ...known, capabilities: new Set([...known.capabilities, name]) } };
};
const withFact = (name: string, type: string): Ground => {
  const made = withCapability(name);
  newFact(made, name, type);
  return { ...made, known: { ...made.known, factTypes: new Set([...made.known.factTypes, `${type}.v1`]) } };
};
const planned = ({ draft }: Ground): ReadonlyMap<string, string> =>
  new Map(draft.files().map(({ path, text }) => [path, text]));

describe('what is planned', () => {
  it('of a capability is its folder and its place in the list', () => {
    const files = planned(withCapability('field-visits'));
    expect([...files.keys()]).toEqual([
      'functions/field-visits/README.md',
      'functions/field-visits/capability.ts',
      'functions/capabilities.ts',
    ]);
    expect(files.get('functions/capabilities.ts')).toContain("  facts,\n  'field-visits': fieldVisits,\n  follow,");
  });

  it('of a fact is its contract, the family that folds it, and its place in the list of families', () => {
    const files = planned(withFact('field-visits', 'service.visit.made'));
    expect(files.get('functions/field-visits/contract/visit-facts.ts')).toContain("type: 'service.visit.made.v1'");
    expect(files.get('functions/field-visits/rules/field-visits.ts')).toContain("name: 'fieldvisits'");
    expect(files.get('functions/profile.ts')).toContain('fieldvisits: fieldVisits,');
    expect(files.get('functions/field-visits/rules/field-visits.ts')).toContain(
      "fieldVisitsSpoken: readonly SpokenRow[] = [row('service.visit.made.v1', record)];",
    );
    expect(files.get('functions/profile.ts')).toContain('...fieldVisitsSpoken,');
  });

  it('of a second fact of the entity is one more in its contract, and one more case', () => {
    const made = withFact('field-visits', 'service.visit.made');
    newFact(made, 'field-visits', 'service.visit.missed');
    const files = planned(made);
    expect(files.get('functions/field-visits/contract/visit-facts.ts')).toContain('[visitMade, visitMissed] as const');
    expect(files.get('functions/field-visits/rules/field-visits.ts')).toMatch(
      /case 'service\.visit\.made\.v1':\n.+;\n +case 'service\.visit\.missed\.v1':\n.+;\n +default:/,
    );
  });

  it('of a first route is what answers, and of a second one more operation', () => {
    const made = withFact('field-visits', 'service.visit.made');
    newRoute(made, ['field-visits', 'POST', '/v1/customers/{id}/visits', 'tellVisit']);
    newRoute(made, ['field-visits', 'GET', '/v1/customers/{id}/visits', 'listVisits']);
    const files = planned(made);
    expect(files.get('functions/manifest/customers.ts')).toContain("runs: ['field-visits.api'],\n    rights: writer,");
    expect(files.get('functions/field-visits/api.ts')).toMatch(/tellVisit: async[\s\S]+listVisits: async/);
    expect(files.get('functions/field-visits/contract/field-visits.ts')).toContain("fromCustomers: ['note'],");
    expect(files.get('functions/field-visits/README.md')).toContain(
      '- **Routes:** `POST /v1/customers/{id}/visits`, `GET /v1/customers/{id}/visits`.',
    );
  });

  it('of a function is an entry of the manifest, which one machine runs by, too', () => {
    const made = withFact('field-visits', 'service.visit.made');
    newFunction(made, 'field-visits-remind', 'rate(12 hours)');
    newReader(made, 'field-visits-count');
    const files = planned(made);
    expect(files.get('functions/manifest/customers.ts')).toMatch(
      /'follow\.follow',\n[^\]]+'field-visits\.count',\n +\],[\s\S]+expression: 'rate\(12 hours\)',\n/,
    );
  });
});

describe('what something new of a capability that is there touches', () => {
  /** Source that is there already, besides the capability's README and what tests ask of every route. */
  const touched = ({ draft }: Ground): readonly string[] =>
    draft
      .files()
      .flatMap(({ path, isNew }) => (isNew || path.endsWith('README.md') || path.startsWith('tests/') ? [] : [path]));

  it('is two files for a function: its part, and what runs it', () => {
    const made = ground();
    newFunction(made, 'outages-remind', 'rate(12 hours)');
    expect(touched(made)).toEqual(['functions/outages/capability.ts', 'functions/manifest/customers.ts']);
  });

  it('is two files for one of meters, in their file of the manifest', () => {
    const made = ground();
    newFunction(made, 'validation-remind', 'rate(12 hours)');
    expect(touched(made)).toEqual(['functions/validation/capability.ts', 'functions/manifest/metering.ts']);
  });

  it('is two files for a route: its definition, and what answers it', () => {
    const made = ground();
    newRoute(made, ['outages', 'GET', '/v1/outages/{id}/crews', 'listCrews']);
    expect(touched(made)).toEqual(['functions/outages/contract/outages.ts', 'functions/outages/api.ts']);
  });
});

describe('what is refused, in a line that says what to do', () => {
  const post = '/v1/customers/{id}/visits';
  it.each<readonly [string, (made: Ground) => unknown]>([
    ['there is a folder functions/outages already: take another name', (made) => newCapability(made, 'outages')],
    ['there is a folder functions/roots already: take another name', (made) => newCapability(made, 'roots')],
    ['capability "FieldVisits": write it in small letters', (made) => newCapability(made, 'FieldVisits')],
    ['there is no capability visits: add it first', (made) => newFact(made, 'visits', 'service.visit.made')],
    ['fact type "visit": write <domain>.<entity>.<past-verb>', (made) => newFact(made, 'outages', 'visit')],
    [
      'outages folds its facts in families of other names: add the type by hand',
      (made) => newFact(made, 'outages', 'service.visit.made'),
    ],
    ['the retracted twin comes with the first', (made) => newFact(made, 'outages', 'service.visit.retracted')],
    [
      'there is a fact type service.outage.reported.v1 already',
      (made) => newFact(made, 'outages', 'service.outage.reported'),
    ],
    [
      'functions/fact-types.ts: knows billFacts of another capability',
      (made) => {
        made.draft.change('functions/fact-types.ts', (text) => text.replaceAll('billingFacts', 'billFacts'));
        newFact(made, 'relay', 'service.bill.made');
      },
    ],
    ['POST tells a fact, and relay has none', (made) => newRoute(made, ['relay', 'POST', post, 'tellVisit'])],
    ['method PATCH: GET and POST are written here', (made) => newRoute(made, ['relay', 'PATCH', post, 'tellVisit'])],
    ['path /v2/x: write /v1/customers/{id}/<things>', (made) => newRoute(made, ['relay', 'GET', '/v2/x', 'readX'])],
    [
      'there is a route GET /v1/customers/{id}/timeline already',
      (made) => newRoute(made, ['relay', 'GET', '/v1/customers/{id}/timeline', 'readStory']),
    ],
    ['there is an operation readOutage already', (made) => newRoute(made, ['relay', 'GET', post, 'readOutage'])],
    ['function "remind": begin with its capability', (made) => newFunction(made, 'remind', 'rate(1 day)')],
    ['there is a function audit-seal already', (made) => newFunction(made, 'audit-seal', 'rate(1 day)')],
    ['--every "rate(1 days)": write a rate', (made) => newFunction(made, 'relay-remind', 'rate(1 days)')],
    ['--every "rate(25 days)": write a rate', (made) => newFunction(made, 'relay-remind', 'rate(25 days)')],
    ['relay folds no facts to follow', (made) => newReader(made, 'relay-count')],
    [
      'functions/audit/capability.ts: has a part checkpoint already',
      ({ draft, known }) => {
        const functions = new Set([...known.functions].filter((name) => name !== 'audit-checkpoint'));
        newFunction({ draft, known: { ...known, functions } }, 'audit-checkpoint', 'rate(1 day)');
      },
    ],
  ])('%s', (line, plan) => {
    expect(() => plan(ground())).toThrow(line);
  });

  it('where the checkout is not whole, and nothing is written', () => {
    const root = mkdtempSync(join(tmpdir(), 'rotunda-new-'));
    const draft = new Draft(root);
    expect(() => newCapability({ draft, known: knownNow() }, 'visits')).toThrow(
      'functions/capabilities.ts: there is no',
    );
    expect(() => draft.create('functions/visits/README.md', '')).toThrow('it is there already');
    rmSync(root, { recursive: true });
  });

  it('leaves the project as it was', () => {
    const before = projectFiles();
    planned(withFact('field-visits', 'service.visit.made'));
    expect(projectFiles()).toEqual(before);
  });
});
