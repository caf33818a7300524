import type * as z from 'zod';
import { type LocalRoute, needsReason } from '#shared/contracts/local/definition.ts';
import type { ActsOfFunction, OperatorFunction } from '#shared/contracts/operations/invocation.ts';
import { visibleLine } from '#shared/vocabulary/plain-text.ts';
import type { Options, ReasonOptions, StageOptions } from './command.ts';
import { ask, reasonHeaders } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { tokenFor } from './sign-in.ts';
import type { Terminal } from './terminal.ts';

type Input = Readonly<Record<string, string | number | boolean | undefined>>;

/** What was said, without what was not. */
export const saidOf = (input: Input): Record<string, string | number | boolean | undefined> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

/** Why an act is to be done, as it was said; ends the command where one is done that needs a reason, and none was given. */
export const whySaid = (route: LocalRoute, input: Input, { reason }: ReasonOptions): { readonly reason?: string } => {
  if (reason !== undefined) return { reason };
  if (needsReason(route, input)) throw new CommandFailure(exitCodes.wrongUse, 'say why by --reason; it is kept');
  return {};
};

/** Calls a route of the operator on this machine and checks the answer; `input` holds only what was said. */
export const call = async <Answer extends z.ZodType>(
  route: LocalRoute<z.ZodType, Answer>,
  input: Input,
  options: Options<ReasonOptions>,
): Promise<z.output<Answer>> => {
  const said = saidOf(input);
  const { reason } = whySaid(route, input, options);
  const headers = reason === undefined ? {} : reasonHeaders(reason);
  const token = await tokenFor(options, { role: 'operator' });
  if (route.method === 'POST') {
    return route.answer.parse(await ask(options.url, { method: 'POST', path: route.path, token, body: said, headers }));
  }
  const query = new URLSearchParams(
    Object.entries(said).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const path = query.size === 0 ? route.path : `${route.path}?${query}`;
  return route.answer.parse(await ask(options.url, { path, token }));
};

/** Does an act on this machine, or by a function of a stage step by step; `progress` says in a line how far it is. */
export const doAct = async <At extends OperatorFunction, Answer extends z.ZodType>(
  asked: {
    readonly at: At;
    readonly act: ActsOfFunction[At];
    readonly route: LocalRoute<z.ZodType, Answer>;
    readonly input: Input;
  },
  options: Options<StageOptions & ReasonOptions>,
  told: { readonly terminal: Terminal; readonly progress: (answer: z.output<Answer>) => string },
): Promise<z.output<Answer>> => {
  const { at, act, route, input } = asked;
  const { stage } = options;
  if (stage === undefined) return call(route, input, options);
  const { askOperator } = await import('./stage/ask-operator.ts');
  const why = whySaid(route, input, options);
  return askOperator(stage, { at, act, input: saidOf(input), answer: route.answer, ...why }, (answer) =>
    told.terminal.note(`${told.progress(answer)} …`),
  );
};

/** Prints an answer: as one object of JSON, or in lines for people. */
export const print = (terminal: Terminal, options: Options, answer: unknown, lines: readonly string[]): void => {
  for (const line of options.json ? [JSON.stringify(answer)] : lines) terminal.out(visibleLine(line));
};
