import type { Figure, Measurement } from '../measurement.ts';
import { quantile } from '../spread.ts';
import { type Asked, askAll, type Found, questionsOf, together } from './measure.ts';
import type { WrittenQuestions } from './read-questions.ts';
import { type KnownCustomer, openSearchedUtility } from './searched-utility.ts';
import { unseenQuestions } from './unseen-questions.ts';
import { writtenQuestions } from './written-questions.ts';

/** The rules were tuned with the seed `tune`; what is reported is drawn from this one. */
const reportedSeed = 'reported';
const customers = 2000;
const questionsOfCategory = 100;
/** Most reads of one question, as docs/search.md says. */
const mostReads = 304;

const percent = (of: number, all: number): number => (100 * of) / all;

const notCounted =
  'use cases alone on the embedded table: no token, no audit write, no network. A question means everybody whose values would have given the same; such questions stand beside. First: the first hit is one of these; in five: one of these is among the first five.';

const figuresOf = (what: string, found: Found, hasGoals: boolean): readonly Figure[] => {
  const common = { name: 'search', unit: `% of ${found.asked}`, notCounted };
  return [
    {
      ...common,
      what: `${what}: first hit`,
      value: percent(found.first, found.asked),
      ...(hasGoals ? { goal: { atLeast: 93 } } : {}),
      beside: [
        { what: 'questions that mean several', value: found.shared, unit: 'questions' },
        { what: 'reads, p50', value: quantile(found.requests, 0.5), unit: 'requests' },
      ],
    },
    {
      ...common,
      what: `${what}: in five`,
      value: percent(found.five, found.asked),
      ...(hasGoals ? { goal: { atLeast: 98 } } : {}),
    },
    {
      name: 'search',
      what: `${what}: most reads of a question`,
      value: Math.max(...found.requests),
      unit: 'requests',
      goal: { atMost: mostReads },
      notCounted: 'the views of customers are among them, the keys of data are not: they come from memory',
    },
  ];
};

/** The written questions, each with whom it means among those who are known. */
export const writtenAsked = (
  { category, questions }: WrittenQuestions,
  all: readonly KnownCustomer[],
): readonly Asked[] =>
  questions.map(({ account, called, q }) => {
    const meant = all.filter(
      ({ accounts, names, formerNames }) =>
        accounts.includes(account) &&
        (called === '' || [...names, ...formerNames].some((name) => name.includes(called))),
    );
    return { category, q, meant: new Set(meant.map(({ id }) => id)) };
  });

/** How often a search finds whom somebody means, by kind of question; takes minutes. */
export const searchMeasurement: Measurement = {
  name: 'search',
  title: 'Whom a search finds, by kind of question',
  onlyByName: true,
  measure: async () => {
    const utility = await openSearchedUtility(reportedSeed, customers);
    const found = await askAll(utility, questionsOf(utility.all, reportedSeed, questionsOfCategory));
    await utility.store.close();
    const written: Figure[] = [];
    for (const set of [writtenQuestions, unseenQuestions]) {
      const { all, ...typed } = await openSearchedUtility(set.seed, set.customers);
      const asked = await askAll(typed, writtenAsked(set, all));
      await typed.store.close();
      written.push(...[...asked].flatMap(([category, one]) => figuresOf(category, one, false)));
    }
    return [
      ...[...found].flatMap(([category, one]) => figuresOf(category, one, true)),
      ...figuresOf('all of these', together([...found.values()]), true),
      ...written,
    ];
  },
};
