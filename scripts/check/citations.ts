import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the project that a source names, and the part of it: `docs/vee.md, "Quality codes"`. */
const cited = /\b(docs\/[\w/-]+\.md)(?:, "([^"\n]+)")?/g;

/** A rule by a number of a page that is not here: `domain 5.8`, `architecture, section 2`. */
const foreign =
  /\(((?:anomalies|architecture|conventions|domain|interfaces|matching|performance|questions)(?: \d+(?:\.\d+)*|, section \d+)[^)\n]*)\)/g;

/** Headings of a page, and what its tables tell of by a name: the first cell of each row, names apart by commas. */
const partsOf = (page: string): ReadonlySet<string> => {
  const headings = [...page.matchAll(/^#{1,4} (.+)$/gm)].map(([, heading = '']) => heading);
  const rows = [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(','));
  return new Set([...headings, ...rows].map((name) => name.replaceAll('`', '').trim()));
};

const lineOf = (body: string, place: number): number => body.slice(0, place).split('\n').length;

/** Complaints about what a source cites: a page or a part of one that is not there, or a rule that is written out nowhere here. */
export const citationComplaints = (root: string, path: string, body: string): readonly string[] => {
  const complaints: string[] = [];
  for (const { 0: text, 1: page = '', 2: part, index } of body.matchAll(cited)) {
    const file = join(root, page);
    if (!existsSync(file)) complaints.push(`${path}:${lineOf(body, index)}: ${page} is not there`);
    else if (part !== undefined && !partsOf(readFileSync(file, 'utf8')).has(part))
      complaints.push(`${path}:${lineOf(body, index)}: ${text}: the page has no such part`);
  }
  for (const { 1: rule, index } of body.matchAll(foreign))
    complaints.push(`${path}:${lineOf(body, index)}: ${rule}: written out nowhere in the project`);
  return complaints;
};
