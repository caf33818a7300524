import { routes } from '#functions/routes.ts';
import { type ActRule, actRules, purposesOfRole } from '#shared/access/acts.ts';
import {
  fieldMatrix,
  fieldMatrixByPurpose,
  fieldsByScope,
  matrixColumns,
  ownFields,
  type Row,
} from '#shared/access/field-matrix.ts';
import { cutOfRight, givesRight, liableRoles, rightOfAct, rights } from '#shared/access/role-rights.ts';
import { type ActName, actNames } from '#shared/vocabulary/acts.ts';
import { Role, StaffRole } from '#shared/vocabulary/statuses.ts';
import { cell, generatedNote, page } from './markdown.ts';
import type { Pages } from './pages.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const code = (name: string): string => `\`${name}\``;
const mark = (holds: boolean): string => (holds ? 'yes' : '');

const meanings: Readonly<Record<(typeof rights)[number], string>> = {
  account: 'that it is there, whose it is, what it takes service for',
  owed: 'balance, what is overdue, what falls due next',
  bills: 'bills, payments, ledger',
  home: 'premise, service points, meters as they stand, outages',
  use: 'what was used, and what readings tell',
  report: 'telling of an outage',
};
const cuts = {
  role: 'dates of the role',
  agreement: 'dates of the role within the agreement at the service point',
} as const;

const rightsTable = (): string =>
  table(
    ['right', 'gives', 'cut by', ...Role.options],
    rights.map((right) => [
      code(right),
      meanings[right],
      cuts[cutOfRight[right]],
      ...Role.options.map((role) => mark(givesRight(role, right))),
    ]),
  );

const acts = actNames.filter((name) => name !== 'public');
const ruleOf = (act: ActName): ActRule => actRules[act];

const roleActTable = (): string =>
  table(
    ['act', 'routes', 'right', ...Role.options],
    acts.flatMap((act) => {
      const right = rightOfAct[act];
      if (right === undefined || !ruleOf(act).customer) return [];
      const paths = routes.filter((route) => route.act === act).map(({ method, path }) => code(`${method} ${path}`));
      const formerly = ruleOf(act).formerly === true ? ', also once it is over, to who owed, of that time' : '';
      return [
        [
          code(act),
          paths.join(' '),
          `${code(right)}${formerly}`,
          ...Role.options.map((role) => mark(givesRight(role, right))),
        ],
      ];
    }),
  );

const staffTable = (): string =>
  table(
    ['act', ...StaffRole.options, 'customers', 'machines, by any of'],
    acts.map((act) => {
      const { staff, customer, scopes } = ruleOf(act);
      return [
        code(act),
        ...StaffRole.options.map((role) => mark(staff.includes(role))),
        customer ? 'own' : '',
        scopes.map(code).join(' '),
      ];
    }),
  );

const columnNames: Readonly<Partial<Record<(typeof matrixColumns)[number], string>>> = {
  lastReading: 'last reading',
  freeText: 'free text',
};
/** A part of a class is seen as its class is, where the row says nothing better. */
const classOfPart: Readonly<Partial<Record<(typeof matrixColumns)[number], (typeof matrixColumns)[number]>>> = {
  name: 'identity',
  lastReading: 'usage',
};
const cells = (row: Row): readonly string[] =>
  matrixColumns.map((column) => row[column] ?? row[classOfPart[column] ?? column] ?? 'hidden');

const matrixTable = (): string =>
  table(
    ['reader', 'purposes', ...matrixColumns.map((column) => columnNames[column] ?? column)],
    [
      ...StaffRole.options.map((role) => [role, purposesOfRole[role].join(', '), ...cells(fieldMatrix[role])]),
      ...Object.entries(fieldMatrixByPurpose).flatMap(([role, byPurpose]) =>
        Object.entries(byPurpose).map(([purpose, row]) => [
          `${role}, for ${purpose} besides`,
          purpose,
          ...matrixColumns.map((column) => row[column] ?? ''),
        ]),
      ),
      ['a customer, of their own', '', ...cells(ownFields)],
      ...Object.entries(fieldsByScope).map(([scope, row]) => [`scope ${code(scope)}`, '', ...cells(row)]),
    ],
  );

/** Who may see and do what: roles on accounts, roles of staff, scopes, and the matrix of field classes. */
export const accessPages = (): Pages =>
  new Map([
    [
      'docs/access.md',
      page(
        generatedNote('shared/access'),
        '# Who may see and do what',
        'Nobody may do anything that a rule here does not give. A customer is asked two things: whether the act is one that customers do (the second table of acts), and whether a role of theirs on the account gives the right to it, on the day and for the time that is spoken of. Who may not do an act at all gets 403; who may do it, but not on this, gets 404, as if nothing were there. Staff may act on anything their role lets them; what they see of it is decided by the matrix, which holds on every way in: the view, the timeline, a single fact, lists, search, explanations. Which system may say which facts is in [sources.md](sources.md).',
        '## Roles on an account',
        `A role on an account is not a right to all of it. Money is cut by the dates of the role: a bill by the days it bills for (by its day of issue where it says none), a payment by the day the money came in, a reversal by its payment. Balance and what is overdue are those of the account, told while the role holds. Who owed and has left keeps what was theirs: the account with their own roles and what it took service for in their time, bills and payments of it, and what is still owed on bills whose last day was in it. Its money goes on being theirs after the role until somebody else owes, so a final bill that comes later, and what is paid on it, are theirs; of what came after that they are told nothing. Who acted for another keeps nothing of the account. What hangs on a home is cut by the agreement at its service point, too. A role to come tells that the account is there and no more of its money, its outages or its use. The debt is that of ${liableRoles.map(code).join(', ')}: who holds one of these sees in the 360 view who else may act (\`actors\`), all others see whose debt it is (\`debtOf\`). The 360 view of a customer is cut so for every reader; staff open the account itself to see all of it.`,
        rightsTable(),
        'By act:',
        roleActTable(),
        '## Acts',
        'A row is an act of the policy. Customers do an act on what is their own: their record, and by the tables above an account and what hangs on it. Machines need one of the scopes named.',
        staffTable(),
        '## Field matrix',
        'What is shown of an answer, by the class of the field. `shown` in full; `present`: only that there is something; `hidden`: it does not leave, and where the class is that of a whole fact or entry (a bill, a note of a call), it is not told that there is one. `masked` in an answer names what is hidden whether or not something stands there, and versions and tags (`ETag`) that would count what is hidden are not told. Ids, dates and statuses without a class are shown with what they belong to. A contact value in a list of hits is masked (`•••1234`) wherever contact is shown. A reader with several purposes says one in `Rotunda-Purpose`, which chooses among the roles they hold.',
        matrixTable(),
      ),
    ],
  ]);
