import { withImport, withMember } from '#scripts/new/syntax.ts';

/** A change of a file that was there before, which the command cannot know of. */
export interface ListLine {
  readonly path: string;
  /** Why the file is touched. */
  readonly why: string;
  readonly change: (text: string) => string;
}

/** Puts text before the one place where another stands. */
const before = (text: string, place: string, added: string): string => {
  const parts = text.split(place);
  if (parts.length !== 2) throw new Error(`${place}: stands ${parts.length - 1} times`);
  return parts.join(`${added}${place}`);
};

const alarmKind = `complaintsOverdue: {
    id: 'complaints-overdue',
    runbook: 'complaints-overdue',
    impact: 'Customers wait for eight weeks to have a complaint settled: they may turn to the ombudsman.',
    urgency: 'ticket',
    threshold: 0,
    period: day,
    periods: 1,
  }`;

/** The section of the 360 view, what explains it, the alarm, and what the schedule may do. */
export const listLines: readonly ListLine[] = [
  {
    path: 'functions/view.ts',
    why: 'the section is a member of the 360 view',
    change: (text) => {
      const imported = withImport(text, "import { complaintsInView } from './complaints/contract/complaint-view.ts';");
      const shown = withMember(imported, ['View360'], 'complaints: complaintsInView.schema');
      return withMember(shown, ['view360Marks'], '...complaintsInView.marks');
    },
  },
  {
    path: 'functions/profile.ts',
    why: 'the section is stored, and shown',
    change: (text) => {
      const imported = withImport(
        text,
        "import { complaintSection, showComplaints } from './complaints/rules/complaint-section.ts';",
      );
      const stored = withMember(imported, ['storedSections'], 'complaintSection');
      return before(stored, '    relations: [],', '    complaints: showComplaints(basis),\n');
    },
  },
  {
    path: 'functions/explain/explain-field.ts',
    why: 'a value of the section is explained',
    change: (text) =>
      before(
        text,
        "    case 'nextSteps':",
        `    case 'complaints':
      return computed('complaints', 'complaints that were made and not taken back', [
        { what: 'facts about complaints', value: (await own(asked, 'complaints')).length },
      ]);
`,
      ),
  },
  {
    path: 'functions/manifest/events.ts',
    why: 'the schedule reads profiles',
    change: (text) =>
      withMember(text, ['eventFunctions', 'complaints-overdue', 'rights'], "'read all profiles'").replaceAll(
        "'complaints overdue, every 7 days'",
        "'counts customers whose complaint is overdue, weekly'",
      ),
  },
  {
    path: 'infra/alarms/kinds.ts',
    why: 'what the alarm means',
    change: (text) => withMember(text, ['alarmKinds'], alarmKind),
  },
  {
    path: 'infra/alarms/catalogue.ts',
    why: 'what the alarm is on',
    change: (text) =>
      before(
        text,
        "  alarm('auditMeddled', 'audit', counted('audit.meddled', stage)),",
        "  alarm('complaintsOverdue', 'complaints', counted('complaint.overdue', stage)),\n",
      ),
  },
];

/** Tests that say what a view or a fact holds. */
export const testLines: readonly Omit<ListLine, 'why'>[] = [
  {
    path: 'tests/cli/view-screen.test.ts',
    change: (text) => before(text, 'omitted: [],', 'complaints: { open: 0 }, '),
  },
  {
    path: 'tests/edge/api-answers.ts',
    change: (text) =>
      before(text, 'omitted: [],', "complaints: { open: 1, latest: { factId: 'fct_1', at, about: 'bill' } }, ")
        .replace('told: 1,', 'open: 1,')
        .replace("note: 'Told at the desk.'", "about: 'bill', words: 'It is estimated.'"),
  },
  {
    path: 'tests/profile/rules/fold.test.ts',
    change: (text) =>
      text.replace(
        "'contact.complaint.made.v1', a % 3 === 0 ? {} : { note: day(n) }",
        "'contact.complaint.made.v1', { about: a % 2 === 0 ? 'bill' : 'meter', words: day(n) }",
      ),
  },
  {
    path: 'tests/support/heavy-facts.ts',
    change: (text) => text.replace('note: longText(500)', "about: 'outage', words: longText(1000)"),
  },
];
