import type { AnswerOf } from '#functions/routes.ts';
import { account } from '#shared/profile/rules/account.ts';
import type { ToldAgreement } from '#shared/profile/rules/agreements.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { endsThatDiffer } from '#shared/profile/rules/told-ends.ts';
import { readPartsPage } from '#shared/profile/store/parts.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { readServiceOf } from '#shared/profile/store/service.ts';
import type { Table } from '#shared/table/table.ts';
import { inTimeOf } from './account-service.ts';
import { type ToldToReader, toldAll } from './told-to-reader.ts';

type Entry = AnswerOf<'listAgreements'>['data'][number];

export interface AgreementsAsked {
  readonly account: string;
  readonly told: ToldToReader;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after: string | undefined;
  readonly today: string;
}

/** Points that are looked at in one go where those before were told of none. */
const fewestAtOnce = 25;

interface AgreementsPage {
  readonly data: Entry[];
  readonly next: string | null;
}

/** Those of at most so many service points: one Query, and two Gets for each point. */
const readPage = async (
  profile: Table,
  { account: id, told, limit, after, today }: AgreementsAsked,
): Promise<AgreementsPage> => {
  const { parts, next } = await readPartsPage(profile, id, account.name, { limit, after });
  const starts = [...parts].flatMap(
    ([, held]) =>
      toldAgreements(new Map([[account.name, { ...held, parts: new Map([['', held]]) }]]), account.name).starts,
  );
  const byId = new Map<string, ToldAgreement>(starts.map((start) => [start.id, start]));
  // What began after their time is theirs on no day, whoever is known to have it.
  const possible = starts.filter(({ from }) => told.service({ from, to: null }));
  const points = new Map(possible.map(({ servicePoint, premise }) => [servicePoint, premise]));
  const service = await Promise.all([...points].map(([point, premise]) => readServiceOf(profile, premise, point)));
  const isStanding = await Promise.all([...points.keys()].map((point) => premiseOfServicePoint(profile, point)));
  const takenBack = new Set([...points.keys()].filter((_, place) => isStanding[place] === undefined));
  const left = told.left(today);
  const own = service
    .flat()
    .filter((one) => one.account === id && told.service(one) && (told === toldAll || !takenBack.has(one.servicePoint)))
    .flatMap((one) => (left === undefined ? [one] : inTimeOf(left, one)));
  return {
    data: own.map((one): Entry => {
      const start = byId.get(one.id);
      const ends = start === undefined || told !== toldAll ? [] : endsThatDiffer(start);
      return {
        id: one.id,
        premiseId: one.premise,
        servicePointId: one.servicePoint,
        tariff: one.tariff,
        from: one.from,
        ...(one.to === null ? {} : { to: one.to }),
        ...(one.from > today ? { planned: true as const } : {}),
        ...(takenBack.has(one.servicePoint) ? { withoutPoint: true as const } : {}),
        ...(ends.length === 0 ? {} : { endsThatDiffer: [...ends] }),
      };
    }),
    next,
  };
};

/** The first page on which something is told; where none is, one that is empty and the last. */
const readTold = async (profile: Table, asked: AgreementsAsked): Promise<AgreementsPage> => {
  let page = await readPage(profile, asked);
  while (page.data.length === 0 && page.next !== null)
    page = await readPage(profile, { ...asked, limit: Math.max(asked.limit, fewestAtOnce), after: page.next });
  return page;
};

/**
 * Agreements of an account, those that are over too, point by point, as the premises know them. A page holds those of at most so
 * many service points. A customer is told of no page that holds nothing of theirs: how many there are would say what the account
 * took over before them, and after.
 */
export const listAgreements = async (profile: Table, asked: AgreementsAsked): Promise<AgreementsPage> => {
  if (asked.told === toldAll) return readPage(profile, asked);
  const page = await readTold(profile, asked);
  if (page.next === null) return page;
  const behind = await readTold(profile, { ...asked, limit: 1, after: page.next });
  return { ...page, next: behind.data.length === 0 ? null : page.next };
};
