import { fieldsOf } from './csv-records.ts';
import { columnNamed, isNumber, timeFormatOf, usualStep } from './guess-columns.ts';
import { TimeFormat } from './time-format.ts';

/** A mapping to begin with, as JSON: what could not be told from the file is `?`, which no mapping may keep. */
export interface ProposedMapping {
  readonly mapping: Readonly<Record<string, unknown>>;
  /** What a person has to look at, and why. */
  readonly notes: readonly string[];
}

const delimiters = [',', ';', '\t', '|'] as const;
const unknown = '?';

/** The delimiter that a header holds most of, outside quotes. */
const delimiterOf = (header: string): (typeof delimiters)[number] => {
  const plain = header.replace(/"[^"]*"/g, '');
  const counts = delimiters.map((sign) => plain.split(sign).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
};

/** Columns of a file's beginning: names, and values by place. */
interface Sample {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
const valuesAt = ({ rows }: Sample, place: number): readonly string[] => rows.map((row) => row[place] ?? '');

const intervalsOfDay: ReadonlyMap<number, number> = new Map([
  [24, 3600],
  [48, 1800],
  [96, 900],
  [144, 600],
  [288, 300],
]);

/** Where a day stands in columns: the longest run of columns of numbers, if it is as long as a day is. */
const wideRunOf = (
  sample: Sample,
  isDecimal: (text: string) => boolean,
): { first: number; count: number } | undefined => {
  let [best, from] = [{ first: 0, count: 0 }, 0];
  for (let place = 0; place <= sample.names.length; place += 1) {
    const isRun =
      place < sample.names.length && valuesAt(sample, place).every((text) => text === '' || isDecimal(text));
    if (isRun) continue;
    if (place - from > best.count) best = { first: from, count: place - from };
    from = place + 1;
  }
  if (intervalsOfDay.has(best.count)) return best;
  // A number beside the day, such as a serial, runs into it.
  const day = [...intervalsOfDay.keys()].reverse().find((count) => best.count > count && best.count <= count + 3);
  return day === undefined ? undefined : { first: best.first + best.count - day, count: day };
};

const unitIn = (names: readonly string[]): string => {
  const found = /(?:^|[^a-z])(k?wh|mwh|kvarh|m3|kl|ccf|therms?|lit(?:re|er)s?)(?:[^a-z0-9]|$)/i.exec(
    names.join(' '),
  )?.[1];
  if (found === undefined) return unknown;
  return /^lit/i.test(found) ? 'L' : found.toLowerCase().replace(/s$/, '').replace(/wh$/, 'Wh').replace(/^mwh/i, 'MWh');
};

interface TimeGuess {
  readonly columns: readonly string[];
  readonly format: string;
  readonly texts: readonly string[];
}

/** The column that is a time, or the two that are date and time. */
const timeOf = (sample: Sample, notes: string[]): TimeGuess | undefined => {
  for (const [place, name] of sample.names.entries()) {
    const texts = valuesAt(sample, place);
    const guess = timeFormatOf(texts);
    if (guess === undefined) continue;
    const { format, other } = guess;
    if (other !== undefined)
      notes.push(`time.format: ${format} fits, and ${other} as well: look at a day after the 12th`);
    const second = valuesAt(sample, place + 1);
    const beside = sample.names
      .slice(place + 1)
      .findIndex((_, at) => valuesAt(sample, place + 1 + at).every((text) => /^\d{2}:\d{2}(:\d{2})?$/.test(text)));
    if (/H/.test(format) || beside < 0 || second.length === 0) return { columns: [name], format, texts };
    const clockPlace = place + 1 + beside;
    const clock = valuesAt(sample, clockPlace);
    const clockFormat = clock.every((text) => text.length > 5) ? 'HH:mm:ss' : 'HH:mm';
    return {
      columns: [name, sample.names[clockPlace] ?? ''],
      format: `${format} ${clockFormat}`,
      texts: texts.map((text, at) => `${text} ${clock[at]}`),
    };
  }
  return undefined;
};

/** Seconds of the clock of the texts that are times. */
const localsOf = ({ format, texts }: TimeGuess): readonly number[] => {
  const reader = new TimeFormat(format);
  return texts.flatMap((text) => reader.read(text)?.local ?? []);
};

/**
 * Proposes a mapping for a CSV file by its first lines. It only proposes: nothing is read by it, and what a file does not show
 * (its zone, often its unit) is `?` until a person says it.
 */
export const proposeMapping = (lines: readonly string[]): ProposedMapping => {
  const notes: string[] = [];
  const delimiter = delimiterOf(lines[0] ?? '');
  const [names = [], ...rows] = lines
    .filter((line) => line.trim() !== '')
    .map((line) => fieldsOf(line.replace(/^\uFEFF/, ''), delimiter) ?? []);
  const sample: Sample = { names, rows: rows.slice(0, 500) };
  const hasComma = delimiter !== ',' && sample.rows.some((row) => row.some((text) => /^-?\d+,\d+$/.test(text)));
  const isDecimal = (text: string): boolean => isNumber(text, hasComma);
  const time = timeOf(sample, notes);
  if (time === undefined) notes.push('time: no column is a time of a form that is known');
  const reference = columnNamed(names, /nmi|mpan|mprn|meter|customer|account|user|household|lclid|\bid\b|key/i);
  if (reference === undefined) notes.push('reference: no column names a meter; the constant is to be given');
  const wide = wideRunOf(sample, isDecimal);
  const layout = wide === undefined ? longLayout(sample, time, reference, isDecimal, notes) : wideLayout(names, wide);
  const unitColumn = columnNamed(names, /^(unit|uom)\b/i);
  const unit = unitColumn === undefined ? { constant: unitIn(names) } : { column: unitColumn };
  if ('constant' in unit && unit.constant === unknown) notes.push('unit: no column name says what is measured');
  const register = columnNamed(names, /^(register|suffix)$/i);
  return {
    mapping: {
      name: 'proposed',
      ...(delimiter === ',' ? {} : { delimiter }),
      ...(hasComma ? { decimal: ',' } : {}),
      reference: reference === undefined ? { constant: unknown } : { column: reference },
      ...(register === undefined ? {} : { register: { column: register } }),
      unit,
      time: timeMapping(time, wide?.count, notes),
      layout,
    },
    notes,
  };
};

const wideLayout = (names: readonly string[], { first, count }: { first: number; count: number }) => ({
  kind: 'wide',
  first: names[first] ?? '',
  count,
});

const longLayout = (
  sample: Sample,
  time: TimeGuess | undefined,
  reference: string | undefined,
  isDecimal: (text: string) => boolean,
  notes: string[],
) => {
  const numbers = sample.names.filter((name, place) => {
    const texts = valuesAt(sample, place).filter((text) => text !== '');
    return name !== reference && time?.columns.includes(name) !== true && texts.length > 0 && texts.every(isDecimal);
  });
  const value = columnNamed(numbers, /k?wh|value|consum|usage|energy|volume|reading/i) ?? numbers.at(-1);
  const others = numbers.filter((name) => name !== value);
  if (value === undefined) notes.push('layout: no column holds numbers');
  if (others.length > 0) notes.push(`layout: numbers stand as well in ${others.map((name) => `"${name}"`).join(', ')}`);
  if (value !== undefined && onlyGrows(valuesAt(sample, sample.names.indexOf(value))))
    notes.push(`layout: "${value}" only ever grows: if it is the state of a register, say "states" (docs/import.md)`);
  return { kind: 'long', values: [{ column: value ?? unknown }] };
};

/** Whether numbers never fall and do rise, over enough rows to tell. */
const onlyGrows = (texts: readonly string[]): boolean => {
  const numbers = texts.map((text) => Number(text.replace(',', '.')));
  const falls = numbers.some((number, at) => at > 0 && number < (numbers[at - 1] ?? number));
  return numbers.length >= 20 && !falls && (numbers.at(-1) ?? 0) > (numbers[0] ?? 0);
};

const timeMapping = (time: TimeGuess | undefined, wideCount: number | undefined, notes: string[]) => {
  const hasOffset = time?.format.endsWith('Z') === true;
  if (!hasOffset)
    notes.push('time.zone: the times have no offset; say the IANA zone, or a fixed offset if no clock changes');
  const isDate = time !== undefined && !time.format.includes('H');
  if (!isDate) notes.push('time.stamp: a time is taken for the start of its interval; say "end" if it is the end');
  const step = time === undefined ? undefined : usualStep(localsOf(time));
  const wideSeconds = wideCount === undefined ? undefined : intervalsOfDay.get(wideCount);
  const seconds = step === undefined || step.seconds < 60 || step.seconds > 86_400 ? undefined : step.seconds;
  const interval = wideSeconds ?? (isDate ? 'day' : (seconds ?? unknown));
  if (interval === unknown) notes.push('time.interval: the rows do not show how long an interval is');
  return {
    columns: time?.columns ?? [unknown],
    format: time?.format ?? unknown,
    zone: hasOffset ? '+00:00' : unknown,
    interval,
    ...(step?.isDescending === true ? { order: 'descending' } : {}),
  };
};
