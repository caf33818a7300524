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

const alarms = `alarms: [
  {
    id: 'complaints-overdue',
    runbook: 'complaints-overdue',
    impact: 'Customers wait for eight weeks to have a complaint settled: they may turn to the ombudsman.',
    urgency: 'ticket',
    protects: false,
    threshold: 0,
    period: day,
    periods: 1,
    on: [{ count: 'own.complaint.overdue', subject: 'complaints' }],
  },
]`;

/** The section of the 360 view, why it is what it is, the alarm, and what the schedule may do. */
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
    why: 'the section is stored, shown and explained',
    change: (text) => {
      const imported = withImport(
        text,
        "import { complaintReason, complaintSection, showComplaints } from './complaints/rules/complaint-section.ts';",
      );
      const stored = withMember(imported, ['storedSections'], 'complaintSection');
      const explained = withMember(stored, ['sectionReasons'], 'complaints: complaintReason');
      return before(explained, '    relations: [],', '    complaints: showComplaints(basis),\n');
    },
  },
  {
    path: 'functions/manifest/customers.ts',
    why: 'the schedule reads profiles, and has an alarm',
    change: (text) => {
      const overdue = ['customerFunctions', 'complaints-overdue'];
      const granted = withMember(text, [...overdue, 'rights'], "'read all profiles'");
      return withMember(withImport(granted, "import { day } from './alarm.ts';"), overdue, alarms).replaceAll(
        "'complaints overdue, every 7 days'",
        "'counts customers whose complaint is overdue, weekly'",
      );
    },
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
