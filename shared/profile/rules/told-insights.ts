import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { type HeadlineFigures, headlineFigures } from '#shared/vocabulary/headline-figures.ts';
import { episodeKinds, type InsightState, type ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { instantOr } from './fact-data.ts';

/** What was told of readings last: the highest revision. */
export interface RecordedInsight {
  readonly id: string;
  readonly servicePoint: string;
  readonly kind: ToldInsightKind;
  readonly revision: number;
  readonly standing: boolean;
  readonly state: InsightState;
  /** When it began, in stored form, and the local date from which on it is of no interest. */
  readonly since: string;
  readonly expires: string;
  /** What its headline is made of; undefined where its evidence does not say. */
  readonly headline: HeadlineFigures | undefined;
}

/** The latest that was told at a premise, at most 12. */
export interface ToldState {
  readonly insights?: readonly RecordedInsight[];
}

const kept = 12;

type Found = FactOf<'metering.insight.found.v1'>;

const found = (fact: Found, id: string, servicePoint: string, revision: number): RecordedInsight | undefined => {
  const { kind, expires, evidence, start, end } = fact.data;
  if (kind === undefined || expires === undefined) return undefined;
  const headline = headlineFigures(kind, evidence);
  const common = { id, servicePoint, kind, revision, state: 'new', expires, headline } as const;
  return { ...common, since: instantOr(start, fact), standing: end === undefined };
};

/** What a fact about an insight makes of a state. */
export const withInsight = <State extends ToldState>(
  state: State,
  fact: Found | FactOf<'metering.insight.ended.v1' | 'metering.insight.decided.v1'>,
): State | 'groundless' => {
  const { insight: id, servicePoint, revision } = fact.data;
  if (id === undefined || servicePoint === undefined || revision === undefined) return 'groundless';
  const known = state.insights?.find((one) => one.id === id);
  if (known !== undefined && known.revision >= revision) return state;
  const others = (state.insights ?? []).filter((one) => one.id !== id);
  const put = (one: RecordedInsight | undefined): State | 'groundless' =>
    one === undefined ? 'groundless' : { ...state, insights: [...others, one].slice(-kept) };
  if (fact.type === 'metering.insight.found.v1') return put(found(fact, id, servicePoint, revision));
  // Only the latest are kept: what is said of another stands on the record, and the store of what was told knows it.
  if (known === undefined) return state;
  if (fact.type === 'metering.insight.ended.v1') return put({ ...known, revision, standing: false });
  const decided = fact.data.state;
  return decided === undefined ? 'groundless' : put({ ...known, revision, state: decided });
};

/** Whether people are to be shown it on a local date: nobody acted on it, and it is of interest still. */
export const isShown = ({ standing, state, kind, expires }: RecordedInsight, today: string): boolean =>
  (state === 'new' || state === 'seen') && today < expires && (standing || episodeKinds.has(kind));
