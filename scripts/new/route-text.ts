import { camel, inWords, sentence } from './names.ts';

/** A route as it is asked for. */
export interface AskedRoute {
  readonly capability: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operationId: string;
  /** What `{id}` names, and the act of reading it. */
  readonly subject: 'customer' | 'account' | 'premise' | 'outage';
  readonly act: string;
  /** Of one that tells something: the constant of the fact, its type, and the file of its contract beside the routes. */
  readonly fact?: { readonly constant: string; readonly type: string; readonly file: string };
  /** Whether the capability folds facts of its own. */
  readonly folds: boolean;
}

/** Parts of a route's definition: what it imports, and the call. */
export interface RouteText {
  readonly imports: readonly string[];
  readonly text: string;
}

const headOf = ({ capability, method, path, operationId }: AskedRoute, summary: string): string =>
  `capability: '${capability}',
    personal: true,
    operationId: '${operationId}',
    method: '${method}',
    path: '${path}',
    summary: '${summary}',`;

const common = (names: string): string => `import { ${names} } from '#shared/contracts/api/common.ts';`;
const defines = "import { defineRoute } from '#shared/contracts/api/definition.ts';";
const zod = "import * as z from 'zod';";

const tellRoute = (route: AskedRoute, fact: NonNullable<AskedRoute['fact']>): RouteText => ({
  imports: [zod, common('Kept, keptMarks'), defines, `import { ${fact.constant} } from './${fact.file}';`],
  text: `defineRoute({
    ${headOf(route, `Tell of ${inWords(route.capability)}`)}
    reason: 'optional',
    act: '${route.act}',
    subject: 'customer',
    body: ${fact.constant}.data.omit({ customer: true }),
    fromCustomers: ['note'],
    response: z.object({ customerId: z.string(), ...Kept }),
    marks: { customerId: 'plain', ...keptMarks },
    status: 201,
    idempotency: 'optional',
  })`,
});

const foldedRoute = (route: AskedRoute): RouteText => ({
  imports: [zod, common('Instant, Masked, Version'), defines],
  text: `defineRoute({
    ${headOf(route, `See ${inWords(route.capability)}`)}
    act: '${route.act}',
    subject: 'customer',
    response: z.object({
      customerId: z.string(),
      told: z.int().describe('How often something was told.'),
      latest: z
        .array(z.object({ factId: z.string(), at: Instant, note: z.string().optional() }))
        .describe('What was told last, the newest first.'),
      version: Version,
      masked: Masked,
    }),
    marks: {
      customerId: 'plain',
      told: 'plain',
      'latest[].factId': 'plain',
      'latest[].at': 'plain',
      'latest[].note': 'freeText',
      version: 'plain',
      masked: 'plain',
    },
  })`,
});

const recordRoute = (route: AskedRoute): RouteText => ({
  imports: [zod, common('Masked, Version'), defines],
  text: `defineRoute({
    ${headOf(route, `${sentence(inWords(route.capability))}: see how often the record changed`)}
    act: '${route.act}',
    subject: '${route.subject}',
    response: z.object({ id: z.string(), version: Version, masked: Masked }),
    marks: { id: 'plain', version: 'plain', masked: 'plain' },
  })`,
});

/** The definition of a route. */
export const routeText = (route: AskedRoute): RouteText => {
  if (route.fact !== undefined) return tellRoute(route, route.fact);
  return route.folds ? foldedRoute(route) : recordRoute(route);
};

const named = `const { subjectId: id } = request;
      if (id === undefined) throw notFound();`;
const edge = ["import { notFound } from '#shared/edge/authorise.ts';"];
const reads = [
  ...edge,
  "import { loadSubject } from '#shared/profile/store/subjects.ts';",
  "import { versionOf } from '#shared/profile/store/view-writes.ts';",
];

/** The operation behind a route; `parts` is the name of what it is made of. */
export const operationText = (route: AskedRoute): Omit<RouteText, 'text'> & { text(parts: string): string } => {
  const { operationId, fact, capability } = route;
  if (fact !== undefined)
    return {
      imports: [
        ...edge,
        "import { refuseForStaff } from '#shared/edge/for-staff.ts';",
        "import { keepFacts } from '#shared/edge/keep-facts.ts';",
      ],
      text: (parts) => `${operationId}: async (request) => {
      ${named}
      refuseForStaff(request);
      const facts = [{ type: '${fact.type}', data: { ...request.body, customer: id } }];
      return keepFacts(${parts}, request, facts, ({ facts: [kept] }) => ({
        status: 201,
        body: { customerId: id, factId: kept?.id ?? '', occurredAt: kept?.occurredAt ?? '' },
      }));
    }`,
    };
  const loaded = (parts: string) => `${named}
      const { states } = await loadSubject(${parts}.profile, id);`;
  if (!route.folds)
    return {
      imports: reads,
      text: (parts) => `${operationId}: async (request) => {
      ${loaded(parts)}
      const version = versionOf(states);
      return { body: { id, version: Math.max(1, version), masked: [] }, version };
    }`,
    };
  return {
    imports: [
      ...reads,
      "import { stateOf } from '#shared/profile/rules/states.ts';",
      "import { isErased } from '#shared/vocabulary/fact.ts';",
      `import { ${camel(capability)} } from './rules/${capability}.ts';`,
    ],
    text: (parts) => `${operationId}: async (request) => {
      ${loaded(parts)}
      const { told, latest } = stateOf(states, ${camel(capability)}).state;
      const version = versionOf(states);
      return {
        body: {
          customerId: id,
          told,
          latest: latest.toReversed().map(({ id: factId, at, note }) => ({
            factId,
            at,
            ...(note === null || isErased(note) ? {} : { note }),
          })),
          version: Math.max(1, version),
          masked: [],
        },
        version,
      };
    }`,
  };
};

/** The edge of a capability's routes, with its first operation. */
export const edgeText = (route: AskedRoute, type: string): string => {
  const { imports, text } = operationText(route);
  return `${[
    ...imports,
    "import type { Operations } from '#shared/edge/operation.ts';",
    ...(route.folds ? ["import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';"] : []),
    "import type { Table } from '#shared/table/table.ts';",
  ].join('\n')}

export interface ${type}Parts {
  readonly profile: Table;
  ${route.folds ? 'readonly prepare: PrepareFacts;\n  readonly now: () => number;' : ''}
}

/** Operations on ${inWords(route.capability)}. */
export const ${camel(route.capability)}Operations = (parts: ${type}Parts) =>
  ({
    ${text('parts')},
  }) satisfies Partial<Operations>;
`;
};

/** An answer of it, as the tests of the edge hold one for each operation. */
export const answerText = ({ operationId, fact, folds, subject }: AskedRoute): string => {
  if (fact !== undefined) return `${operationId}: { customerId: ids.own.customer, ...kept }`;
  return folds
    ? `${operationId}: {
    customerId: ids.own.customer,
    told: 1,
    latest: [{ factId: 'fct_1', at, note: 'Told at the desk.' }],
    version: 17,
  }`
    : `${operationId}: { id: ids.own.${subject}, version: 17 }`;
};
