import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type * as z from 'zod';
import { Erasure } from '#functions/privacy/contract/erasures.ts';
import { ErasureGround } from '#shared/vocabulary/statuses.ts';
import { connectedCommand, type Options, type ReasonOptions, reasonOption } from './command.ts';
import { ask } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { print } from './operator-act.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type Standing = z.output<typeof Erasure>;
type EraseOptions = Options<
  ReasonOptions & {
    readonly ground?: string;
    readonly dryRun?: boolean;
    readonly approve?: boolean;
    readonly decline?: boolean;
    readonly timeoutSeconds: number;
  }
>;

/** People of the role privacy on this machine: who asks, and who decides. */
const people = { asks: 'privacy', decides: 'privacy-second' } as const;

const headers = { 'rotunda-purpose': 'privacy' } as const;

const askFor = async (
  options: EraseOptions,
  who: keyof typeof people,
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<Standing> => {
  const token = await tokenFor(options, { role: people[who] });
  const sent =
    body === undefined
      ? { path, token, headers }
      : { method: 'POST' as const, path, token, body, headers: { ...headers, 'idempotency-key': randomUUID() } };
  return Erasure.parse(await ask(options.url, sent));
};

const counted = (count: number | undefined): string => (count === undefined ? '' : ` (${count})`);

/** What goes, what stays and why, and what stands against it, in lines. */
const linesOf = (standing: Standing): readonly string[] => [
  `${standing.customerId}: ${standing.status}${standing.erasedAt === undefined ? '' : ` since ${standing.erasedAt}`}`,
  ...(standing.records.length > 1 ? [`records that are one: ${standing.records.join(' ')}`] : []),
  ...(standing.ground === undefined ? [] : [`ground: ${standing.ground}; ${standing.reason ?? ''}`]),
  ...(standing.requestedBy === undefined ? [] : [`asked by ${standing.requestedBy} at ${standing.requestedAt ?? ''}`]),
  ...(standing.approvedBy === undefined ? [] : [`approved by ${standing.approvedBy} at ${standing.approvedAt ?? ''}`]),
  ...standing.goes.map(({ kind, count, what }) => `goes   ${kind}${counted(count)}: ${what}`),
  ...standing.stays.map(({ kind, count, what, why }) => `stays  ${kind}${counted(count)}: ${what} ${why}`),
  ...standing.blockers.map(({ kind, accountId, what }) => `blocks ${kind} ${accountId ?? ''}: ${what}`),
];

const pollMilliseconds = 500;

/** Waits until what was approved is carried out. */
const carriedOut = async (options: EraseOptions, path: string, now: Standing): Promise<Standing> => {
  const end = Date.now() + options.timeoutSeconds * 1000;
  let standing = now;
  while (standing.status !== 'erased') {
    if (Date.now() > end)
      throw new CommandFailure(exitCodes.partlyDone, 'approved, and not carried out yet: ask again where it stands');
    await sleep(pollMilliseconds);
    standing = await askFor(options, 'decides', path);
  }
  return standing;
};

const request = (options: EraseOptions, path: string): Promise<Standing> => {
  const { ground, reason, dryRun } = options;
  if (ground === undefined) throw new CommandFailure(exitCodes.wrongUse, 'say on which ground by --ground');
  if (reason === undefined && !dryRun)
    throw new CommandFailure(exitCodes.wrongUse, 'say why by --reason, in words that name nobody; it is kept');
  const body = { ground, reason: reason ?? 'A look before it is asked for.' };
  return askFor(options, 'asks', dryRun ? `${path}?dryRun=true` : path, body);
};

const decide = async (options: EraseOptions, path: string): Promise<Standing> => {
  const { approve, reason } = options;
  if (!approve && reason === undefined)
    throw new CommandFailure(exitCodes.wrongUse, 'say why it is declined by --reason');
  const { requestId, status } = await askFor(options, 'decides', path);
  if (status === 'approved' && approve) return carriedOut(options, path, await askFor(options, 'decides', path));
  if (requestId === undefined || status !== 'requested')
    throw new CommandFailure(exitCodes.refused, `nothing waits to be decided: it is ${status}`);
  const decision = { request: requestId, decision: approve ? 'approved' : 'declined' };
  const said = await askFor(options, 'decides', `${path}/decision`, {
    ...decision,
    ...(reason === undefined ? {} : { reason }),
  });
  return approve ? carriedOut(options, path, said) : said;
};

/** `rotunda ops erase`: asks for a person to be erased, decides on it as a second person, and waits until it is done. */
export const eraseCommand = (terminal: Terminal): Command =>
  connectedCommand('erase', 'erase a person: ask for it, or decide on it as a second person')
    .argument('<customer>', 'id of the customer, or a reference such as crm:C-10023')
    .addOption(new Option('--ground <ground>', 'why, by Article 17(1) of the GDPR').choices(ErasureGround.options))
    .addOption(reasonOption())
    .option('--dry-run', 'say what would go and what would stay, and ask for nothing')
    .addOption(
      new Option('--approve', 'as a second person: approve it, and wait until it is done').conflicts('decline'),
    )
    .addOption(new Option('--decline', 'as a second person: decline it'))
    .option('--timeout-seconds <n>', 'how long to wait until it is done', Number, 120)
    .action(async (customer: string, options: EraseOptions) => {
      const path = `/v1/customers/${encodeURIComponent(customer)}/erasure`;
      const isDecision = options.approve === true || options.decline === true;
      const standing = await (isDecision ? decide(options, path) : request(options, path));
      print(terminal, options, standing, linesOf(standing));
      if (!isDecision && standing.status === 'requested')
        terminal.note(`a second person decides: rotunda ops erase ${customer} --approve (or --decline --reason …)`);
    });
