/**
 * Evaluates an IoT Core policy document on this machine: the document that is deployed decides here too. Deny by default, an
 * explicit Deny wins. `*` and `?` are wildcards in a policy; MQTT's `+` and `#` are plain characters there. What this evaluator
 * does not know (an operator, a variable) is refused when the document is loaded, never ignored.
 */

type OneOrMany = string | readonly string[];

export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: OneOrMany;
  readonly Resource: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}

/** Who connects: the client id, and whether its certificate is attached to the thing of that name. */
export interface ConnectionFacts {
  readonly clientId: string;
  readonly attached: boolean;
}

export type DeviceAct =
  | { readonly action: 'iot:Connect'; readonly clientId: string }
  | { readonly action: 'iot:Publish' | 'iot:RetainPublish' | 'iot:Receive'; readonly topic: string }
  | { readonly action: 'iot:Subscribe'; readonly filter: string };

export type PolicyEvaluator = (connection: ConnectionFacts, act: DeviceAct) => boolean;

const list = (value: OneOrMany): readonly string[] => (typeof value === 'string' ? [value] : value);

const variables: Readonly<Record<string, (connection: ConnectionFacts) => string | undefined>> = {
  'iot:Connection.Thing.ThingName': (connection) => (connection.attached ? connection.clientId : undefined),
  'iot:ClientId': (connection) => connection.clientId,
};
const conditionKeys: Readonly<Record<string, (connection: ConnectionFacts) => string>> = {
  'iot:Connection.Thing.IsAttached': (connection) => String(connection.attached),
};

/** The part behind the account: `client/x`, `topic/x`, `topicfilter/x`; or `*` alone. */
const resourcePart = (resource: string): string => /^arn:[^:]*:iot:[^:]*:[^:]*:(.+)$/s.exec(resource)?.[1] ?? resource;

type Piece = { readonly literal: string } | { readonly variable: string };

const piecesOf = (pattern: string): readonly Piece[] =>
  pattern
    .split(/(\$\{[^}]*\})/)
    .filter((text) => text !== '')
    .map((text) => (text.startsWith('${') && text.endsWith('}') ? { variable: text.slice(2, -1) } : { literal: text }));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const wildcards = (text: string): string => escaped(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');

/** A pattern as a test of text; a variable without a value matches nothing, and its value holds no wildcards. */
const compilePattern = (pattern: string): ((text: string, connection: ConnectionFacts) => boolean) => {
  const pieces = piecesOf(pattern);
  for (const piece of pieces)
    if ('variable' in piece && variables[piece.variable] === undefined)
      throw new TypeError(`the policy uses a variable that is not known here: ${piece.variable}`);
  return (text, connection) => {
    let source = '';
    for (const piece of pieces) {
      const value = 'literal' in piece ? wildcards(piece.literal) : variables[piece.variable]?.(connection);
      if (value === undefined) return false;
      source += 'literal' in piece ? value : escaped(value);
    }
    return new RegExp(`^${source}$`, 'su').test(text);
  };
};

const compileConditions = (condition: PolicyStatement['Condition']): ((connection: ConnectionFacts) => boolean) => {
  const checks = Object.entries(condition ?? {}).flatMap(([operator, keys]) => {
    if (operator !== 'Bool') throw new TypeError(`the policy uses a condition that is not known here: ${operator}`);
    return Object.entries(keys).map(([key, expected]) => {
      const read = conditionKeys[key];
      if (read === undefined) throw new TypeError(`the policy asks for a key that is not known here: ${key}`);
      const allowed = new Set(list(expected).map((value) => String(value).toLowerCase()));
      return (connection: ConnectionFacts) => allowed.has(read(connection));
    });
  });
  return (connection) => checks.every((check) => check(connection));
};

const compileStatement = (statement: PolicyStatement) => {
  const actions = list(statement.Action).map((action) => new RegExp(`^${wildcards(action)}$`, 'i'));
  const resources = list(statement.Resource).map((resource) => compilePattern(resourcePart(resource)));
  const conditions = compileConditions(statement.Condition);
  return {
    allow: statement.Effect === 'Allow',
    matches: (connection: ConnectionFacts, action: string, resource: string): boolean =>
      actions.some((pattern) => pattern.test(action)) &&
      resources.some((matches) => matches(resource, connection)) &&
      conditions(connection),
  };
};

const resourceOf = (act: DeviceAct): string => {
  if (act.action === 'iot:Connect') return `client/${act.clientId}`;
  return act.action === 'iot:Subscribe' ? `topicfilter/${act.filter}` : `topic/${act.topic}`;
};

/** Compiles a policy document. Throws a TypeError that names what it does not know. */
export const compilePolicy = (document: PolicyDocument): PolicyEvaluator => {
  const statements = document.Statement.map(compileStatement);
  return (connection, act) => {
    const resource = resourceOf(act);
    const matching = statements.filter((statement) => statement.matches(connection, act.action, resource));
    return matching.length > 0 && matching.every((statement) => statement.allow);
  };
};
