import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvMapping } from '#functions/imports/rules/csv/mapping.ts';
import { readCsv } from '#functions/imports/rules/csv/read-csv.ts';
import { readEspi } from '#functions/imports/rules/espi/read-espi.ts';
import {
  type Chunks,
  resumeAfter,
  type SeriesEvents,
  type SourceError,
} from '#functions/imports/rules/interval-series.ts';
import { readNem } from '#functions/imports/rules/nem/read-nem.ts';
import { type Heard, hear, inPieces } from '#tests/support/source-events.ts';

const nemDay = (date: number): string =>
  `300,${date},${new Array<string>(48).fill('1.5').join(',')},A,,,20260102000000,`;
const nem12 = [
  '100,NEM12,202601010000,MDP,RET',
  '200,4103035087,E1B1,1,E1,N1,SN1,kWh,30,',
  ...[20260101, 20260102, 20260103].map(nemDay),
  '900',
].join('\r\n');
const nem13 = [
  '100,NEM13,200401101030,MDA1,Ret1',
  '250,4103035087,11,1,11,11,SN1,E,006342.8,20031005093055,A,,,007654.9,20040107100333,S62,4,,1312.1,kWh,20040407,20040108100333,',
  '550,N,,,',
  '900',
].join('\n');
const espi = `<feed xmlns="http://www.w3.org/2005/Atom">
<entry><link rel="self" href="/U/1/MeterReading/1"/><link rel="related" href="/ReadingType/1"/><content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>
<entry><link rel="self" href="/ReadingType/1"/><content><ReadingType xmlns="http://naesb.org/espi"><uom>72</uom></ReadingType></content></entry>
${[1, 2, 3].map((block) => `<entry><link rel="self" href="/U/1/MeterReading/1/IntervalBlock/${block}"/><content><IntervalBlock xmlns="http://naesb.org/espi"><IntervalReading><timePeriod><duration>900</duration><start>${1_767_225_600 + block * 900}</start></timePeriod><value>${block}</value></IntervalReading></IntervalBlock></content></entry>`).join('\n')}
</feed>`;
const mapping = CsvMapping.parse({
  name: 'any',
  reference: { column: 'meter' },
  unit: { constant: 'kWh' },
  time: { columns: ['time'], format: 'YYYY-MM-DD HH:mm', zone: 'Europe/London', interval: 1800 },
  layout: { kind: 'long', values: [{ column: 'value' }] },
});
const csv = [
  'meter,time,value',
  ...['a', 'b', 'c'].map((meter) => `${meter},2026-01-05 00:00,0.5`),
  'a,2026-01-05 00:30,"1"',
].join('\n');

const readers: readonly (readonly [name: string, text: string, read: (chunks: Chunks) => SeriesEvents])[] = [
  ['NEM12', nem12, (chunks) => readNem(chunks, 'NEM12')],
  ['NEM13', nem13, (chunks) => readNem(chunks, 'NEM13')],
  ['Green Button', espi, (chunks) => readEspi(chunks)],
  ['CSV', csv, (chunks) => readCsv(chunks, mapping)],
];

const isClear = ({ line, column, code, message }: SourceError): boolean =>
  Number.isInteger(line) &&
  line >= 1 &&
  Number.isInteger(column) &&
  column >= 1 &&
  /^[a-z]+(-[a-z]+)*$/.test(code) &&
  message.length >= 10 &&
  message.length < 400;
/** Starts of the intervals of a series, as far as it was read. */
const startsOf = ({ blocks }: Heard, reference: string): readonly number[] =>
  blocks
    .filter(({ series }) => series.reference === reference)
    .flatMap(({ intervals }) => intervals.map(({ start }) => start));

/** A source without end: a beginning, then the same again and again. Counts what was asked of it. */
class Endless {
  asked = 0;
  readonly #beginning: string;
  readonly #again: (time: number) => string;
  constructor(beginning: string, again: (time: number) => string) {
    this.#beginning = beginning;
    this.#again = again;
  }
  *[Symbol.iterator](): Generator<string, void, undefined> {
    yield this.#beginning;
    for (;;) {
      this.asked += 1;
      yield this.#again(this.asked);
    }
  }
}
const reading = (time: number): string =>
  `<IntervalReading><timePeriod><duration>900</duration><start>${1_767_225_600 + time * 900}</start></timePeriod><value>1</value></IntervalReading>`;

it.each([
  ['NEM12', 2, new Endless(nem12.slice(0, nem12.indexOf('300')), () => `${nemDay(20260101)}\n`), readers[0]],
  ['Green Button', 2001, new Endless(`${espi.slice(0, espi.indexOf('<IntervalReading>'))}`, reading), readers[2]],
  ['CSV', 1001, new Endless('meter,time,value\n', () => 'a,2026-01-05 00:00,1\n'), readers[3]],
] as const)('a file without end gives its first block of %s after %i pieces', async (_, pieces, endless, reader) => {
  const [, , read] = reader ?? [];
  const first = await read?.(endless).next();
  expect(first?.value).toHaveProperty('block');
  expect(endless.asked).toBeLessThanOrEqual(pieces);
});

describe.each(readers)('a reader of %s', (_, text, read) => {
  const bytes = Buffer.from(text);

  it('takes a whole file without a word', async () => {
    const { blocks, errors } = await hear(read([bytes]));
    expect(errors).toEqual([]);
    expect(blocks.length).toBeGreaterThan(0);
  });

  it('gives the same in pieces of any size, in the middle of a character too', async () => {
    const strange = Buffer.concat([
      bytes.subarray(0, bytes.length >> 1),
      Buffer.from('é€'),
      bytes.subarray(bytes.length >> 1),
    ]);
    const whole = await hear(read([strange]));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 64 }), async (length) => {
        expect(await hear(read(inPieces(strange, length)))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the same of UTF-16 with its byte order mark, in either order of bytes and pieces of any size', async () => {
    const plain = await hear(read([bytes]));
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const written of [little, Buffer.from(little).swap16()])
      for (const length of [1, 3, 4096]) expect(await hear(read(inPieces(written, length)))).toEqual(plain);
  });

  it('gives of a file that is cut off anywhere what stood before, and says clearly what is wrong', async () => {
    const whole = await hear(read([bytes]));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        const cut = await hear(read([bytes.subarray(0, length)]));
        expect(cut.errors.filter((error) => !isClear(error))).toEqual([]);
        for (const { reference } of whole.series) {
          const starts = startsOf(cut, reference);
          expect(startsOf(whole, reference).slice(0, starts.length)).toEqual(starts);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('never throws and always tells faults in one shape, whatever single byte is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), async (place, byte) => {
        const wrong = Buffer.from(bytes);
        wrong[place] = byte;
        const { errors } = await hear(read([wrong]));
        expect(errors.filter((error) => !isClear(error))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws on bytes that are no file at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const { blocks, errors } = await hear(read([noise]));
        expect(blocks).toEqual([]);
        expect(errors.length).toBeGreaterThan(0);
        expect(errors.filter((error) => !isClear(error))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('goes on after the block that was stored last', async () => {
    const { blocks } = await hear(read([bytes]));
    for (const [index, { position }] of blocks.entries()) {
      const rest = await hear(resumeAfter(read([bytes]), position));
      expect(rest.blocks).toEqual(blocks.slice(index + 1));
    }
  });
});
