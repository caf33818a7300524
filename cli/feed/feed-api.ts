import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { ask, askIfThere, type ConnectionOptions, isLocal } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { tokenFor } from '#cli/sign-in.ts';
import { drain } from '#shared/contracts/local/ops.ts';
import { estimatedQualities, quality, Register } from '#shared/vocabulary/measures.ts';
import { Enrolment } from './device-folder.ts';

/** Namespace of the references of a file's meters. */
export const feedNamespace = 'feed';
export const feedReference = (meter: string) => ({ namespace: feedNamespace, value: meter });

const KnownMeter = z.object({
  id: z.string(),
  serial: z.string(),
  // What is asked for at registration; the answer may say more.
  registers: z.array(z.object(Register.shape)),
  installations: z.array(z.object({ from: z.string(), to: z.string().nullable() })),
});
export type KnownMeter = z.infer<typeof KnownMeter>;

const ServicePoint = z.object({ id: z.string() });
const UsageTotal = z.object({
  total: z.object({
    expected: z.int(),
    byQuality: z.array(z.object({ quality: z.int(), count: z.int(), value: z.int() })),
  }),
});

/** What a meter sent is stored of a range: sum in the register's scale, intervals with and without a value. */
export interface MeasuredUsage {
  readonly sum: number;
  readonly intervals: number;
  readonly missing: number;
}

/** Told from what was estimated of the meter since: what is fed has no such codes of its own. */
const measuredOf = ({ expected, byQuality }: z.infer<typeof UsageTotal>['total']): MeasuredUsage => {
  const measured = byQuality.filter(({ quality: code }) => !estimatedQualities.has(code) && code !== quality.derived);
  const intervals = measured.reduce((sum, { count }) => sum + count, 0);
  return { sum: measured.reduce((sum, { value }) => sum + value, 0), intervals, missing: expected - intervals };
};

/** The routes that feeding needs, as the head-end would call them. */
export interface FeedApi {
  meter(meter: string): Promise<KnownMeter | undefined>;
  hasServicePoint(meter: string): Promise<boolean>;
  register(body: {
    readonly serial: string;
    readonly csr: string;
    readonly registers: readonly Register[];
    readonly references: readonly { readonly namespace: string; readonly value: string }[];
  }): Promise<Enrolment>;
  /** Gives a meter that is known another key, as a supervisor would have it done. */
  exchangeKey(id: string, body: { readonly csr: string; readonly reason: string }): Promise<Enrolment>;
  measured(meter: string, from: string, to: string, register: string): Promise<MeasuredUsage>;
  /** Waits until the running system has worked off what it took; does nothing against another host. */
  settle(): Promise<void>;
}

const pathOf = (kind: 'meters' | 'service-points', meter: string): string =>
  `/v1/${kind}/${feedNamespace}:${encodeURIComponent(meter)}`;

/** Tokens of this machine live for minutes; a long feed asks for new ones. */
const tokenSource = (options: ConnectionOptions, who: { readonly client: string } | { readonly role: string }) => {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async (): Promise<string> => {
    if (held === undefined || Date.now() > held.until)
      held = { token: await tokenFor(options, who), until: Date.now() + 120_000 };
    return held.token;
  };
};

/**
 * Asks again for about a minute where the system stops answering in the middle of a feed: it may be starting again, and what
 * was acknowledged is still there. One that never answered is told at once.
 */
const patience = () => {
  let hasAnswered = false;
  return async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await act();
        hasAnswered = true;
        return answer;
      } catch (error) {
        const mayPass = error instanceof CommandFailure && error.exitCode === exitCodes.failed;
        if (!mayPass || !hasAnswered || attempt >= 60) throw error;
        await wait(1000);
      }
    }
  };
};

export const feedApi = (options: ConnectionOptions): FeedApi => {
  const { url } = options;
  const headEnd = tokenSource(options, { client: 'head-end' });
  const operator = tokenSource(options, { role: 'operator' });

  const supervisor = tokenSource(options, { role: 'supervisor' });

  const patiently = patience();

  /** A meter has one key: asked again since the answer was lost, it is the same one. */
  const enrol = (path: string, who: () => Promise<string>, body: unknown): Promise<Enrolment> => {
    const headers = { 'idempotency-key': randomUUID(), 'rotunda-purpose': 'service' };
    return patiently(async () =>
      Enrolment.parse(await ask(url, { method: 'POST', path, token: await who(), body, headers })),
    );
  };

  const find = (path: string): Promise<unknown> =>
    patiently(async () => askIfThere(url, { path, token: await headEnd() }));

  return {
    meter: async (meter) => {
      const found = await find(pathOf('meters', meter));
      return found === undefined ? undefined : KnownMeter.parse(found);
    },
    hasServicePoint: async (meter) => {
      const found = await find(pathOf('service-points', meter));
      return found !== undefined && ServicePoint.parse(found).id !== '';
    },
    register: (body) => enrol('/v1/meters', headEnd, body),
    exchangeKey: (id, body) => enrol(`/v1/meters/${id}/key-exchange`, supervisor, body),
    measured: async (meter, from, to, register) => {
      const query = new URLSearchParams({ from, to, register, resolution: 'month' });
      const path = `${pathOf('service-points', meter)}/usage?${query}`;
      const answer = await patiently(async () => ask(url, { path, token: await headEnd() }));
      return measuredOf(UsageTotal.parse(answer).total);
    },
    settle: async () => {
      if (!isLocal(url)) return;
      const body = { timeoutSeconds: 300 };
      const answer = await patiently(async () =>
        ask(url, { method: drain.method, path: drain.path, token: await operator(), body }),
      );
      const { drained, pending } = drain.answer.parse(answer);
      if (!drained)
        throw new CommandFailure(exitCodes.failed, `not all was stored in 300 s; left: ${JSON.stringify(pending)}`);
    },
  };
};
