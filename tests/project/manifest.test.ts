import { describe, expect, it } from 'vitest';
import { everyReader, everythingRunning } from '#functions/capabilities.ts';
import { apiFunctionNames, functionNamed, functionNames } from '#functions/manifest.ts';
import { routes } from '#functions/routes.ts';
import { functionOfRoute } from '#infra/api/gateway-body.ts';
import { forEveryRoute } from '#local/operations.ts';

/** Parts that a function of each kind of call may run. */
const partsOf = (name: (typeof functionNames)[number]) =>
  functionNamed(name).runs.map((run) => {
    const found = everythingRunning.find((running) => running.name === run);
    if (found === undefined) throw new Error(`${name} runs ${run}, which no capability has`);
    return found.one;
  });

describe('the manifest of deployed functions', () => {
  it('runs everything that a capability has, each part in one function; both pools of people have their own sign-in', () => {
    const runs = functionNames.flatMap((name) => [...functionNamed(name).runs]);
    const counted = everythingRunning.map(({ name }) => [name, runs.filter((run) => run === name).length]);
    expect(counted.filter(([name, times]) => times !== (name === 'sign-in.token' ? 2 : 1))).toEqual([]);
    expect(runs.filter((run) => !everythingRunning.some(({ name }) => name === run))).toEqual([]);
  });

  it.each([...functionNames])('calls %s by what its parts are made for', (name) => {
    const { on } = functionNamed(name);
    for (const one of partsOf(name)) {
      if ('operations' in one) expect(on.api).toBeDefined();
      else if ('take' in one) expect(on.stream?.of).toBe(one.feed);
      else expect(on.api).toBeUndefined();
    }
  });

  it('has at most two functions that read the changes of a table, as DynamoDB lets', () => {
    const tables = functionNames.flatMap((name) => functionNamed(name).on.stream?.of ?? []);
    for (const table of ['profile', 'readings', 'audit']) {
      expect(tables.filter((of) => of === table).length, table).toBeLessThanOrEqual(2);
    }
  });

  it('has no reader, on one machine, that goes by the name of another', () => {
    const names = everyReader.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('operations of the API', () => {
  it('are there for each route, in the function that the gateway sends it to', () => {
    const offered = apiFunctionNames.map((name) => {
      const listed = partsOf(name).flatMap((one) => ('operations' in one ? one.routes.flat() : []));
      return [name, new Set(listed.map(({ operationId }) => operationId))] as const;
    });
    const byFunction = new Map(offered);
    const without = routes.filter((route) => byFunction.get(functionOfRoute(route))?.has(route.operationId) !== true);
    expect(without.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('are refused, on one machine, where a route has none', () => {
    expect(() => forEveryRoute({})).toThrow('no operation for');
  });
});
