/** A request path matched to a gateway resource; parameters as they were sent, still encoded. */
export interface Matched {
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const parametersOf = (pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== path.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const sent = path[index] ?? '';
    if (part.startsWith('{')) {
      if (sent === '') return undefined;
      parameters[part.slice(1, -1)] = sent;
    } else if (part !== sent) return undefined;
  }
  return parameters;
};

/** Finds resources by path as API Gateway does: whole segments, a fixed one before a `{parameter}`, nothing folded. */
export const pathMatcher = (resources: Iterable<string>): ((path: string) => Matched | undefined) => {
  const patterns = [...new Set(resources)]
    .map((resource) => ({ resource, parts: resource.split('/') }))
    .sort((one, other) => (one.resource.includes('{') ? 1 : 0) - (other.resource.includes('{') ? 1 : 0));
  return (path) => {
    const parts = path.split('/');
    for (const pattern of patterns) {
      const pathParameters = parametersOf(pattern.parts, parts);
      if (pathParameters !== undefined) return { resource: pattern.resource, pathParameters };
    }
    return undefined;
  };
};
