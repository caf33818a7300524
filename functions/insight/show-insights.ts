import type { AnswerOf } from '#functions/routes.ts';
import type { SuppliedPoint } from '#functions/validation/store/supply.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { type Range, united } from '#shared/vocabulary/ranges.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { LookAtRegister, type LookedAt, type LookParts } from './look-at-register.ts';
import { type DescribedInsight, describeInsights } from './rules/described-insights.ts';
import { insightIdOf, readToldInsights, type StoredInsight } from './store/told-insights.ts';

type Answer = AnswerOf<'readInsights'>;

const copied = (fields: StoredInsight['value']): Record<string, number | string | boolean | string[]> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );

const insightView = ({ value, evidence, ...rest }: DescribedInsight): Answer['data'][number]['insights'][number] => ({
  ...rest,
  ...(value === undefined ? {} : { value: copied(value) }),
  ...(evidence === undefined ? {} : { evidence: copied(evidence) }),
});

const toldView = (one: StoredInsight): Answer['told'][number] => ({
  id: insightIdOf(one),
  register: one.register,
  kind: one.kind,
  state: one.state,
  standing: one.standing,
  since: instantOf(one.from),
  ...(one.standing === 'standing' ? {} : { until: instantOf(one.to) }),
  expires: one.expires,
  headline: one.headline,
  text: one.text,
  value: copied(one.value),
  revision: one.version,
});

const registerView = (looked: LookedAt): Answer['data'][number] => ({
  register: looked.register,
  unit: looked.unit,
  powerOfTen: looked.powerOfTen,
  zone: looked.zone,
  asOf: instantOf(looked.end),
  insights: describeInsights(looked.insights, looked).map(insightView),
});

/** What is answered, and the time that it tells of, Unix seconds. */
export interface InsightsTold {
  readonly body: Answer;
  readonly ranges: readonly Range[];
}

/** Says what readings tell of a point, from the readings as they are stored now. */
export class ShowInsights {
  readonly #parts: LookParts;
  readonly #look: LookAtRegister;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#look = new LookAtRegister(parts);
  }

  /** @param own the time of the customer who asks: what others used is not theirs to see; absent for anybody else */
  async answer(supplied: SuppliedPoint, own: OwnTime | undefined): Promise<Answer> {
    return (await this.told(supplied, own)).body;
  }

  /** As `answer`, with the time it tells of. */
  async told(supplied: SuppliedPoint, own: OwnTime | undefined): Promise<InsightsTold> {
    const servicePoint = supplied.point.id;
    const seen = await own?.rangesOf(supplied.premise, servicePoint, 'use');
    const names = await this.#look.registersOf(supplied);
    const all = await Promise.all(names.map((register) => this.#look.at(supplied, register, false, seen)));
    const looked = all.flatMap((one) => one ?? []);
    const told = await Promise.all(
      looked.map(async ({ register, since }) => {
        const known = await readToldInsights(this.#parts.readings, { servicePoint, register });
        return known.filter(({ from }) => from >= since).map(toldView);
      }),
    );
    return {
      body: { servicePointId: servicePoint, data: looked.map(registerView), told: told.flat() },
      ranges: united(looked.map(({ since, end }) => ({ from: since, to: end }))),
    };
  }
}
