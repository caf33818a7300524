import type { Fact } from '#shared/vocabulary/fact.ts';
import { type HeadlineFigures, headlineFigures } from '#shared/vocabulary/headline-figures.ts';
import { episodeKinds, InsightState, ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { instant, text } from './fact-data.ts';

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

const found = (fact: Fact, id: string, servicePoint: string, revision: number): RecordedInsight | undefined => {
  const kind = ToldInsightKind.safeParse(fact.data.kind);
  const expires = text(fact, 'expires');
  if (!kind.success || expires === undefined) return undefined;
  const headline = headlineFigures(kind.data, fact.data.evidence);
  const common = { id, servicePoint, kind: kind.data, revision, state: 'new', expires, headline } as const;
  return { ...common, since: instant(fact, 'start'), standing: fact.data.end === undefined };
};

/** What a fact about an insight makes of a state. */
export const withInsight = <State extends ToldState>(
  state: State,
  fact: Fact,
  servicePoint: string,
): State | 'groundless' => {
  const [id, { revision }] = [text(fact, 'insight'), fact.data];
  if (id === undefined || typeof revision !== 'number') return 'groundless';
  const known = state.insights?.find((one) => one.id === id);
  if (known !== undefined && known.revision >= revision) return state;
  const others = (state.insights ?? []).filter((one) => one.id !== id);
  const put = (one: RecordedInsight | undefined): State | 'groundless' =>
    one === undefined ? 'groundless' : { ...state, insights: [...others, one].slice(-kept) };
  if (fact.type === 'metering.insight.found.v1') return put(found(fact, id, servicePoint, revision));
  // Only the latest are kept: what is said of another stands on the record, and the store of what was told knows it.
  if (known === undefined) return state;
  if (fact.type === 'metering.insight.ended.v1') return put({ ...known, revision, standing: false });
  const decided = InsightState.safeParse(fact.data.state);
  return decided.success ? put({ ...known, revision, state: decided.data }) : 'groundless';
};

/** Whether people are to be shown it on a local date: nobody acted on it, and it is of interest still. */
export const isShown = ({ standing, state, kind, expires }: RecordedInsight, today: string): boolean =>
  (state === 'new' || state === 'seen') && today < expires && (standing || episodeKinds.has(kind));
