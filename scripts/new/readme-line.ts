import { Refusal } from './refusal.ts';

/**
 * A line of a capability's README with one thing more that it names: `- **Routes:** none.` becomes a list of one.
 * @param label what the line begins with, e.g. `Routes`
 * @throws Refusal where the README has no such line
 */
export const withNamed = (readme: string, label: string, named: string): string => {
  const begin = `- **${label}:** `;
  const lines = readme.split('\n');
  const at = lines.findIndex((line) => line.startsWith(begin));
  const said = lines[at]?.slice(begin.length);
  if (said === undefined) throw new Refusal(`has no line "${begin.trim()}"; add one that names ${named}`);
  const end = /[;.](?= |$)/.exec(said)?.index ?? said.length;
  const isNone = /^(none|nothing)\b/.test(said);
  lines[at] = isNone ? `${begin}${named}.` : `${begin}${said.slice(0, end)}, ${named}${said.slice(end)}`;
  return lines.join('\n');
};
