import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { blockKinds, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { canonical } from '#functions/readings/rules/runs.ts';
import { judgeBlock } from '#functions/validation/rules/block-rules.ts';
import { VeeConfiguration } from '#functions/validation/rules/configuration.ts';
import type { DayDigest } from '#functions/validation/rules/day-digest.ts';
import { judgeDays } from '#functions/validation/rules/judge-day.ts';
import type { RegisterGround, VeeException } from '#functions/validation/rules/judgement.ts';
import { severities } from '#functions/validation/rules/rule-pack.ts';
import { Register, Unit } from '#shared/vocabulary/measures.ts';
import { RuleId } from '#shared/vocabulary/reading-rules.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { wholeDay } from './judged-days.ts';

const Minutes = z.int();
const Ranges = z.array(z.tuple([Minutes, Minutes.nullable()]));
const Values = z.array(z.int().nullable());

const Case = z.strictObject({
  rule: RuleId,
  kind: z.enum(['pass', 'fail', 'border', 'unconfigured']),
  name: z.string(),
  register: z.string(),
  date: z.iso.date().default('2026-03-02'),
  configuration: z.record(z.string(), z.unknown()).default({}),
  ground: z
    .strictObject({
      installed: Ranges.optional(),
      disconnected: Ranges.optional(),
      zeroExpected: Ranges.optional(),
      exportAgreed: Ranges.optional(),
    })
    .default({}),
  values: Values.optional(),
  codes: z.array(z.tuple([z.int(), z.int()])).optional(),
  blocks: z
    .array(
      z.strictObject({
        kind: z.enum(blockKinds),
        revision: z.int(),
        at: Minutes,
        values: Values,
        quality: z.int().optional(),
      }),
    )
    .optional(),
  history: z
    .array(
      z.strictObject({
        days: z.int(),
        value: z.int().nullable(),
        quality: z.int().optional(),
        until: z.iso.date().optional(),
      }),
    )
    .default([]),
  reads: z.array(z.tuple([Minutes, z.int()])).default([]),
  exchanges: z.array(z.strictObject({ at: Minutes, closing: z.int(), opening: z.int() })).default([]),
  events: z.array(z.tuple([z.enum([...MeterEventKind.options, 'reverse-rotation']), Minutes], Minutes)).default([]),
  siblings: z.array(z.tuple([z.string(), z.int()])).default([]),
  asOf: Minutes.optional(),
  block: z
    .strictObject({
      start: Minutes,
      interval: z.int(),
      values: Values,
      received: Minutes,
      unit: Unit.optional(),
      powerOfTen: z.int().optional(),
      multiplier: z.int().optional(),
      clock: z.int().optional(),
    })
    .optional(),
  expect: z.array(
    z.strictObject({
      from: Minutes,
      to: Minutes,
      severity: z.enum(severities),
      quality: z.int().optional(),
      evidence: z.record(z.string(), z.union([z.int(), z.string(), z.array(z.string())])),
    }),
  ),
});
type Case = z.infer<typeof Case>;

const Vectors = z.strictObject({
  format: z.literal('vee-rules.v1'),
  about: z.string(),
  registers: z.record(z.string(), Register),
  cases: z.array(Case),
});
const vectors = Vectors.parse(JSON.parse(readFileSync('docs/vectors/vee-rules-v1.json', 'utf8')));

const meter = 'mtr_0123456789ABCDEFGHJKMNPQRS';

const groundOf = (one: Case, midnight: number): RegisterGround => {
  const register = vectors.registers[one.register];
  if (register === undefined) throw new Error(`no register ${one.register}`);
  const ranges = (said: z.infer<typeof Ranges> | undefined) =>
    (said ?? []).map(([from, to]) => ({
      from: midnight + from * 60,
      to: to === null ? Number.POSITIVE_INFINITY : midnight + to * 60,
    }));
  const { installed, disconnected, zeroExpected, exportAgreed } = one.ground;
  return {
    meter,
    register,
    configuration: VeeConfiguration.parse(one.configuration),
    installed: installed === undefined ? [{ from: 0, to: Number.POSITIVE_INFINITY }] : ranges(installed),
    disconnected: ranges(disconnected),
    zeroExpected: ranges(zeroExpected),
    exportAgreed: ranges(exportAgreed),
  };
};

/** The days of the history, judged one after the other as they would have been. */
const historyOf = (one: Case, ground: RegisterGround): readonly DayDigest[] => {
  const digests: DayDigest[] = [];
  const groups: Case['history'][] = [
    one.history.filter(({ until }) => until),
    one.history.filter(({ until }) => !until),
  ];
  for (const group of groups) {
    const count = group.reduce((sum, { days }) => sum + days, 0);
    const last = group[0]?.until ?? addDays(one.date, -1);
    const values = group.flatMap(({ days, value, quality }) =>
      Array.from({ length: days }, () => ({ value, quality })),
    );
    values.forEach(({ value, quality }, index) => {
      const date = addDays(last, index - count + 1);
      const [day] = judgeDays({
        ground: { ...ground, configuration: VeeConfiguration.parse({}) },
        days: [{ date, blocks: value === null ? [] : [wholeDay(ground.register, date, () => value, quality)] }],
        history: [],
        digests,
        known: [],
        reads: [],
        exchanges: [],
        events: [],
        asOf: Number.POSITIVE_INFINITY,
        mode: 'automatic',
      }).days;
      if (day !== undefined) digests.push(day.digest);
    });
  }
  return digests;
};

const blocksOf = (one: Case, ground: RegisterGround, midnight: number): readonly RankedBlock[] => {
  const { intervalSeconds: interval } = ground.register;
  const whole = one.values === undefined ? [] : [{ kind: 'actual' as const, revision: 0, at: 0, values: one.values }];
  return (one.blocks ?? whole).map(({ kind, revision, at, values, ...rest }, index) => {
    const code = 'quality' in rest ? rest.quality : undefined;
    const quality = one.codes ?? (code === undefined ? undefined : [[0, code] as const]);
    return {
      kind,
      revision,
      order: String(index),
      run: canonical({ start: midnight + at * 60, interval, values, ...(quality === undefined ? {} : { quality }) }),
    };
  });
};

/** What the pack says of a case: the exceptions of its rule, and the verdict of the rule on the day. */
const judged = (one: Case): { readonly found: readonly VeeException[]; readonly verdict: string | undefined } => {
  const register = vectors.registers[one.register];
  const midnight = startOfDate(register?.zone ?? 'UTC', one.date);
  const ground = groundOf(one, midnight);
  const ofRule = (all: readonly VeeException[]) => all.filter(({ ruleId }) => ruleId === one.rule);
  const { block } = one;
  if (block !== undefined) {
    const { start, interval, values, received, clock, unit, powerOfTen, multiplier } = block;
    const receivedAt = midnight + received * 60;
    const found = judgeBlock(
      {
        run: { start: midnight + start * 60, interval, values },
        receivedAt,
        ...(unit === undefined ? {} : { unit }),
        ...(powerOfTen === undefined ? {} : { powerOfTen }),
        ...(multiplier === undefined ? {} : { multiplier }),
        ...(clock === undefined ? {} : { meterClock: receivedAt + clock }),
      },
      ground,
    );
    return { found: ofRule(found), verdict: undefined };
  }
  const judgement = judgeDays({
    ground,
    days: [
      {
        date: one.date,
        blocks: blocksOf(one, ground, midnight),
        siblings: one.siblings.map(([name, present]) => ({ register: name, present })),
      },
    ],
    history: [],
    digests: historyOf(one, ground),
    known: [],
    reads: one.reads.map(([at, counts]) => ({ at: midnight + at * 60, counts })),
    exchanges: one.exchanges.map(({ at, ...dials }) => ({ ...dials, at: midnight + at * 60 })),
    events: one.events.map(([kind, at, since]) => ({
      kind,
      at: midnight + at * 60,
      ...(since === undefined ? {} : { since: midnight + since * 60 }),
    })),
    asOf: one.asOf === undefined ? Number.POSITIVE_INFINITY : midnight + one.asOf * 60,
    mode: 'automatic',
  });
  const verdict = judgement.days[0]?.rules.find(({ ruleId }) => ruleId === one.rule)?.verdict;
  return { found: ofRule(judgement.exceptions), verdict };
};

describe('the published vectors of the rule pack', () => {
  it.each(vectors.cases.map((one) => [`${one.rule}, ${one.kind}: ${one.name}`, one] as const))('%s', (_, one) => {
    const midnight = startOfDate(vectors.registers[one.register]?.zone ?? 'UTC', one.date);
    const { found, verdict } = judged(one);
    expect(
      found.map(({ from, to, severity, quality, evidence }) => ({
        from: (from - midnight) / 60,
        to: (to - midnight) / 60,
        severity,
        ...(quality === undefined ? {} : { quality }),
        evidence,
      })),
    ).toEqual(one.expect);
    for (const { id, version } of found) {
      expect(id).toMatch(new RegExp(`^${meter}\\.${vectors.registers[one.register]?.id}\\.${one.rule}\\.-?\\d+$`));
      expect(version).toBeGreaterThanOrEqual(1);
    }
    if (verdict === undefined) return;
    const now = one.expect.filter(({ to }) => to > 0);
    const worst = now.some(({ severity }) => severity === 'fail') ? 'fail' : now.length > 0 ? 'warn' : 'pass';
    expect(verdict).toBe(worst);
  });

  it('has at least 120 cases, and for each rule one that passes, fails, lies at the border and lacks configuration', () => {
    const table = RuleId.options.map((rule) => {
      const ofRule = vectors.cases.filter((one) => one.rule === rule);
      const count = (kind: Case['kind']) => ofRule.filter((one) => one.kind === kind).length;
      return {
        rule,
        cases: ofRule.length,
        pass: count('pass'),
        fail: count('fail'),
        border: count('border'),
        unconfigured: count('unconfigured'),
      };
    });
    console.table(table);
    const page = readFileSync('docs/vee.md', 'utf8');
    for (const { rule, ...counts } of table) {
      expect(page).toContain(`| \`${rule}\` | ${Object.values(counts).join(' | ')} |`);
    }
    expect(vectors.cases.length).toBeGreaterThanOrEqual(120);
    for (const { pass, fail, border, unconfigured } of table) {
      expect(Math.min(pass, fail, border, unconfigured)).toBeGreaterThan(0);
    }
  });

  it('names each case once', () => {
    const names = vectors.cases.map(({ rule, name, kind }) => `${rule} ${kind} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
