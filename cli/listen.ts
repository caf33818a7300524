import { type Command, InvalidArgumentError } from 'commander';
import { eventStreamPath, OutboundEvent } from '#shared/contracts/local/bus.ts';
import { compileEventPattern } from '#shared/messaging/event-pattern.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type Options, type StageOptions, stagedCommand } from './command.ts';
import { problemLine, send } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { serverSent } from './server-sent.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type ListenOptions = Options<StageOptions & { readonly pattern?: string; readonly count?: number }>;

/** The text as it is: its numbers keep their spelling. */
const patternOf = (text: string): string => {
  try {
    compileEventPattern(text);
    return text;
  } catch (cause) {
    const reason = cause instanceof DomainError ? cause.message : String(cause);
    throw new InvalidArgumentError(`${reason}; an event pattern is e.g. '{"source":["rotunda.billing"]}'`);
  }
};

const countOf = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1');
  return count;
};

/** One line for an event: when, from where, what. */
const eventLine = (event: OutboundEvent): string =>
  [event.time ?? '', event.source, event['detail-type'], JSON.stringify(event.detail)].join(' ').trim();

/** Shows each event; says whether another one is wanted. */
class Screen {
  readonly #options: ListenOptions;
  readonly #terminal: Terminal;
  #left: number;

  constructor(options: ListenOptions, terminal: Terminal) {
    this.#options = options;
    this.#terminal = terminal;
    this.#left = options.count ?? Number.POSITIVE_INFINITY;
  }

  show(sent: unknown): boolean {
    const event = OutboundEvent.parse(sent);
    this.#terminal.out(this.#options.json ? JSON.stringify(event) : eventLine(event));
    this.#left -= 1;
    return this.#left > 0;
  }

  /** Fails where fewer events came than were asked for. */
  end(): void {
    if (this.#left > 0 && this.#options.count !== undefined)
      throw new CommandFailure(exitCodes.partlyDone, 'the stream ended early');
  }
}

const listenToProcess = async (options: ListenOptions, screen: Screen): Promise<void> => {
  const token = await tokenFor(options, { role: 'operator' });
  const query = options.pattern === undefined ? '' : `?${new URLSearchParams({ pattern: options.pattern })}`;
  const stop = new AbortController();
  const headers = { accept: 'text/event-stream' };
  const response = await send(options.url, { path: `${eventStreamPath}${query}`, token, headers }, stop.signal);
  if (!response.ok || response.body === null) {
    const refused = response.status === 401 || response.status === 403;
    const body: unknown = await response.json().catch(() => undefined);
    throw new CommandFailure(refused ? exitCodes.refused : exitCodes.failed, problemLine(response.status, body));
  }
  for await (const text of serverSent(response.body)) if (!screen.show(JSON.parse(text))) break;
  stop.abort();
};

const everyEvent = JSON.stringify({ source: [{ prefix: 'rotunda.' }] });

const listen = async (options: ListenOptions, terminal: Terminal): Promise<void> => {
  const screen = new Screen(options, terminal);
  const { stage, pattern = everyEvent } = options;
  if (stage === undefined) await listenToProcess(options, screen);
  else {
    const { listenToStage } = await import('./stage/listen-to-stage.ts');
    const onReady = () => terminal.note(`listening to ${stage}; the first events may take a minute`);
    await listenToStage({ stage, pattern, onReady, onEvent: (event) => screen.show(event) });
  }
  screen.end();
};

/** `rotunda listen`: follows the events that go out. */
export const listenCommand = (terminal: Terminal): Command =>
  stagedCommand('listen', 'follow the events that go out, until stopped')
    .option('--pattern <json>', 'event pattern that an event must match, as EventBridge takes it', patternOf)
    .option('--count <n>', 'stop after this many events', countOf)
    .action((options: ListenOptions) => listen(options, terminal));
