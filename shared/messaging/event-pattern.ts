import { tooComplex } from './event-pattern/complexity.ts';
import { fieldsOf } from './event-pattern/fields.ts';
import { type Json, jsonOf, readJson } from './event-pattern/json.ts';
import { matchesRule } from './event-pattern/match.ts';
import { refusePattern } from './event-pattern/refuse.ts';
import { readRules } from './event-pattern/rules.ts';

/**
 * Event patterns as EventBridge matches them: exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric,
 * exists, cidr and $or, over the leaves of an event. What EventBridge refuses is refused, in its words, with a pointer to the place.
 */
export type EventMatcher = (event: unknown) => boolean;

/** EventBridge's bound on the text of a pattern, in characters. */
const longestPattern = 4096;

const readText = (text: string): Json => {
  if (text.length > longestPattern)
    refusePattern('too-complex', '', `Event pattern has more than ${longestPattern} characters`);
  try {
    return readJson(text);
  } catch (error) {
    return refusePattern('invalid', '', error instanceof Error ? error.message : String(error));
  }
};

const textOf = (pattern: unknown): string => {
  if (typeof pattern === 'string') return pattern;
  try {
    return JSON.stringify(pattern) ?? refusePattern('invalid', '', 'not JSON');
  } catch {
    return refusePattern('invalid', '', 'not JSON');
  }
};

/**
 * Compiles a pattern. Pattern and events are values, or the JSON texts of them, whose numbers keep their spelling. Throws DomainError
 * `pattern.invalid` | `.shape` | `.operator` | `.value` | `.too-complex` with a pointer to what is wrong, and EventBridge's name of the
 * refusal in `extra.exception`. The matcher throws SyntaxError on a text that is no JSON.
 */
export const compileEventPattern = (pattern: unknown): EventMatcher => {
  const rules = readRules(readText(textOf(pattern)));
  const hard = tooComplex(rules);
  if (hard !== undefined) {
    const advice =
      'try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';
    refusePattern('too-complex', hard, `Rule is too complex - ${advice}`);
  }
  const wanted = [...new Set(rules.flatMap((rule) => [...rule.keys()]))];
  return (event) => {
    const read = typeof event === 'string' ? readJson(event) : jsonOf(event);
    if (read.kind !== 'object') return false;
    const fields = fieldsOf(read, wanted);
    return rules.some((rule) => matchesRule(rule, fields));
  };
};
