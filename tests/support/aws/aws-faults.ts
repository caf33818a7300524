import { Readable } from 'node:stream';
import { seededRandom } from '#cli/feed/send-order.ts';

/** What can go wrong with a call to AWS. */
export const faultKinds = [
  'throughput-exceeded',
  'throttled',
  'request-limit',
  'server-error',
  'timeout',
  'reset',
  'transaction-conflict',
  'transaction-throttled',
  'transaction-in-progress',
  'replication-conflict',
  'token-expired',
  'access-denied',
  'unprocessed',
  'short-page',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One line of a plan. */
export interface Fault {
  /** As the SDK says it: `DynamoDB`, `Kinesis`; absent: every service. */
  readonly service?: string;
  /** `TransactWriteItems`, `Query`; absent: every command of the service. */
  readonly command?: string;
  /** Share of those calls or attempts that meet it, 0 to 1. */
  readonly share?: number;
  /** Instead of a share: the one that meets it, counted from 1. */
  readonly nth?: number;
  /** `after`: the call has taken effect and its answer is lost. */
  readonly when: 'before' | 'after';
  /**
   * `attempt`: on the wire, below the SDK's own retries, which may put it right; each attempt counts.
   * `call`: above them, as if they had all met it.
   */
  readonly at: 'attempt' | 'call';
  readonly error: FaultKind;
}

export interface FaultPlan {
  readonly seed: number;
  readonly faults: readonly Fault[];
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}
type Call<Input, Output> = (args: { input: Input }) => Promise<{ response: unknown; output: Output }>;
type Attempt<Input, Output> = (args: {
  input: Input;
  request: unknown;
}) => Promise<{ response: unknown; output?: Output }>;

/** An SDK client, whatever its service. */
export interface FaultableClient<Input extends object, Output extends object> {
  readonly middlewareStack: {
    add(
      middleware: (next: Call<Input, Output>, context: Context) => Call<Input, Output>,
      options: { step: 'initialize'; name: string; priority: 'high' },
    ): void;
    add(
      middleware: (next: Attempt<Input, Output>, context: Context) => Attempt<Input, Output>,
      options: { step: 'deserialize'; name: string; priority: 'low' },
    ): void;
  };
}

/** How the errors look that a service answers. */
const answered: Partial<Readonly<Record<FaultKind, { readonly name: string; readonly status: number }>>> = {
  'throughput-exceeded': { name: 'ProvisionedThroughputExceededException', status: 400 },
  throttled: { name: 'ThrottlingException', status: 400 },
  'request-limit': { name: 'RequestLimitExceeded', status: 400 },
  'server-error': { name: 'InternalServerError', status: 500 },
  'transaction-conflict': { name: 'TransactionCanceledException', status: 400 },
  'transaction-throttled': { name: 'TransactionCanceledException', status: 400 },
  'transaction-in-progress': { name: 'TransactionInProgressException', status: 400 },
  'replication-conflict': { name: 'ReplicatedWriteConflictException', status: 400 },
  'token-expired': { name: 'ExpiredTokenException', status: 400 },
  'access-denied': { name: 'AccessDeniedException', status: 400 },
};

const reasonCodes: Partial<Readonly<Record<FaultKind, string>>> = {
  'transaction-conflict': 'TransactionConflict',
  'transaction-throttled': 'ThrottlingError',
};

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;

/** What the body of an error says besides its type: a cancelled transaction names a reason for each of its items. */
const detailsOf = (kind: FaultKind, input: object, random: () => number): object => {
  const code = reasonCodes[kind];
  if (code === undefined) return {};
  const items = member(input, 'TransactItems');
  const count = Array.isArray(items) ? items.length : 1;
  const at = Math.floor(random() * count);
  return { CancellationReasons: Array.from({ length: count }, (_, n) => ({ Code: n === at ? code : 'None' })) };
};

const wireError = (kind: FaultKind): Error | undefined => {
  if (kind === 'timeout') return Object.assign(new Error('the request timed out'), { name: 'TimeoutError' });
  if (kind === 'reset') return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  return undefined;
};

/** Thrown as the SDK would throw it once its retries are used up. */
const callError = (kind: FaultKind, details: object): Error => {
  const wire = wireError(kind);
  if (wire !== undefined) return wire;
  const { name, status } = answered[kind] ?? { name: kind, status: 500 };
  return Object.assign(new Error(`${name} by the plan of faults`), {
    name,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, attempts: 3 },
    ...details,
  });
};

/** As the service would answer it: read by the SDK's own deserialiser. */
const wireAnswer = (kind: FaultKind, details: object): { readonly response: unknown } => {
  const { name, status } = answered[kind] ?? { name: kind, status: 500 };
  const body = JSON.stringify({ __type: `com.amazonaws#${name}`, message: 'by the plan of faults', ...details });
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'planned' };
  return { response: { statusCode: status, headers, body: Readable.from([Buffer.from(body)]) } };
};

/** Reads an answer to its end, so that its connection is free again. */
const discard = async (response: unknown): Promise<void> => {
  const body = member(response, 'body');
  if (!(body instanceof Readable)) return;
  body.resume();
  await new Promise<void>((resolve) => body.once('close', resolve));
};

/** What a batch asks of each table. */
const requestsOf = (input: object): readonly (readonly [string, readonly unknown[]])[] => {
  const items = member(input, 'RequestItems');
  return typeof items === 'object' && items !== null
    ? Object.entries(items).map(([table, requests]) => [table, Array.isArray(requests) ? requests : []] as const)
    : [];
};

/** Faults by a plan, as steps of the middleware stack of whatever clients they are attached to. */
export class FaultInjector {
  /** Calls and attempts that passed, and how many of each kind of fault they met. */
  calls = 0;
  attempts = 0;
  /** Calls that met a fault at themselves or at one of their attempts. */
  faulted = 0;
  readonly met = new Map<FaultKind, number>();
  readonly #faults: readonly Fault[];
  readonly #random: () => number;
  readonly #passed = new Map<Fault, number>();
  #on = true;

  constructor(plan: FaultPlan) {
    this.#faults = plan.faults;
    this.#random = seededRandom(plan.seed);
  }

  get on(): boolean {
    return this.#on;
  }

  switch(on: boolean): void {
    this.#on = on;
  }

  /** Attempts beyond the first of their calls. */
  get retries(): number {
    return this.attempts - this.#attempted;
  }

  #attempted = 0;

  attach<Input extends object, Output extends object>(client: FaultableClient<Input, Output>): void {
    const touched = new WeakMap<Context, { attempts: number; faulted: boolean }>();
    const stateOf = (context: Context) => {
      const held = touched.get(context) ?? { attempts: 0, faulted: false };
      touched.set(context, held);
      return held;
    };
    const meet = (context: Context, fault: Fault): void => {
      const held = stateOf(context);
      if (!held.faulted) this.faulted += 1;
      held.faulted = true;
      this.met.set(fault.error, (this.met.get(fault.error) ?? 0) + 1);
    };
    client.middlewareStack.add(
      (next, context) => async (args) => {
        this.calls += 1;
        const fault = this.#draw('call', context);
        if (fault === undefined) return next(args);
        meet(context, fault);
        return this.#failCall(fault, args, next);
      },
      { step: 'initialize', name: 'plannedCallFaults', priority: 'high' },
    );
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const held = stateOf(context);
        this.attempts += 1;
        if (held.attempts === 0) this.#attempted += 1;
        held.attempts += 1;
        const fault = this.#draw('attempt', context);
        if (fault === undefined) return next(args);
        meet(context, fault);
        return this.#failAttempt(fault, args, next);
      },
      { step: 'deserialize', name: 'plannedAttemptFaults', priority: 'low' },
    );
  }

  /** The fault that this call or attempt meets: shares of one command's faults lie side by side on one draw. */
  #draw(at: Fault['at'], { clientName = '', commandName = '' }: Context): Fault | undefined {
    if (!this.#on) return undefined;
    const fitting = this.#faults.filter(
      (fault) =>
        fault.at === at &&
        (fault.service === undefined || clientName === `${fault.service}Client`) &&
        (fault.command === undefined || commandName === `${fault.command}Command`),
    );
    let drawn = this.#random();
    let met: Fault | undefined;
    for (const fault of fitting) {
      const passed = (this.#passed.get(fault) ?? 0) + 1;
      this.#passed.set(fault, passed);
      if (fault.nth === passed) met ??= fault;
      if (drawn >= 0 && drawn < (fault.share ?? 0)) met ??= fault;
      drawn -= fault.share ?? 0;
    }
    return met;
  }

  async #failCall<Input extends object, Output extends object>(
    fault: Fault,
    args: { input: Input },
    next: Call<Input, Output>,
  ): Promise<{ response: unknown; output: Output }> {
    if (fault.error === 'unprocessed') return this.#leaveUnprocessed(args, next);
    if (fault.error === 'short-page') return this.#cutPage(args, next);
    if (fault.when === 'after') await next(args);
    throw callError(fault.error, detailsOf(fault.error, args.input, this.#random));
  }

  async #failAttempt<Input extends object, Output extends object>(
    fault: Fault,
    args: { input: Input; request: unknown },
    next: Attempt<Input, Output>,
  ): Promise<{ response: unknown }> {
    if (fault.when === 'after') await discard((await next(args)).response);
    const wire = wireError(fault.error);
    if (wire !== undefined) throw wire;
    return wireAnswer(fault.error, detailsOf(fault.error, args.input, this.#random));
  }

  /** Lets some of a batch through, one at least, and answers that the others were left undone. */
  async #leaveUnprocessed<Input extends object, Output extends object>(
    args: { input: Input },
    next: Call<Input, Output>,
  ): Promise<{ response: unknown; output: Output }> {
    const all = requestsOf(args.input).flatMap(([table, requests]) => requests.map((request) => ({ table, request })));
    const surely = Math.floor(this.#random() * all.length);
    const sent: Record<string, unknown[]> = {};
    const left: Record<string, unknown[]> = {};
    const into = (lists: Record<string, unknown[]>, table: string, request: unknown): void => {
      lists[table] = [...(lists[table] ?? []), request];
    };
    for (const [place, { table, request }] of all.entries())
      into(place === surely || this.#random() < 0.5 ? sent : left, table, request);
    const result = await next({ ...args, input: { ...args.input, RequestItems: sent } });
    for (const [table, requests] of requestsOf({ RequestItems: member(result.output, 'UnprocessedItems') }))
      for (const request of requests) into(left, table, request);
    return { ...result, output: { ...result.output, UnprocessedItems: left } };
  }

  /** A page that ends early, as one does at 1 MB; a query with a limit of its own is left alone. */
  #cutPage<Input extends object, Output extends object>(
    args: { input: Input },
    next: Call<Input, Output>,
  ): Promise<{ response: unknown; output: Output }> {
    if (member(args.input, 'Limit') !== undefined) return next(args);
    return next({ ...args, input: { ...args.input, Limit: 1 + Math.floor(this.#random() * 4) } });
  }
}

/**
 * Every way in which DynamoDB fails, so that about `share` of all calls meet one. Most lie on the wire, where the SDK may put them
 * right; `past` of the calls (a part of `share`) fail past its retries, as in a longer disturbance.
 */
export const dynamoFaults = (
  share: number,
  past: { readonly reads: number; readonly writes: number },
): readonly Fault[] => {
  const service = 'DynamoDB';
  const plain = ['throughput-exceeded', 'throttled', 'request-limit', 'server-error', 'timeout', 'reset'] as const;
  const spread = (kinds: readonly FaultKind[], more: Omit<Fault, 'error' | 'share'>, part: number): readonly Fault[] =>
    kinds.map((error) => ({ ...more, error, share: part / kinds.length }));
  const lost = ['server-error', 'timeout', 'reset'] as const;
  const own = {
    TransactWriteItems: [
      'transaction-conflict',
      'transaction-throttled',
      'transaction-in-progress',
      'replication-conflict',
      'token-expired',
    ],
    PutItem: ['replication-conflict', 'token-expired'],
    BatchWriteItem: ['unprocessed', 'unprocessed', 'token-expired'],
    GetItem: ['token-expired'],
    Query: ['short-page', 'short-page', 'token-expired'],
  } as const;
  const writes = (['TransactWriteItems', 'PutItem', 'BatchWriteItem'] as const).flatMap((command) => [
    ...spread(plain, { service, command, when: 'before', at: 'attempt' }, (share - past.writes) / 2),
    ...spread(lost, { service, command, when: 'after', at: 'attempt' }, (share - past.writes) / 2),
    ...spread(plain, { service, command, when: 'before', at: 'call' }, past.writes / 4),
    ...spread(lost, { service, command, when: 'after', at: 'call' }, past.writes / 4),
    ...spread(own[command], { service, command, when: 'before', at: 'call' }, past.writes / 2),
  ]);
  const reads = (['GetItem', 'Query'] as const).flatMap((command) => [
    ...spread(plain, { service, command, when: 'before', at: 'attempt' }, share - past.reads),
    ...spread(plain, { service, command, when: 'before', at: 'call' }, past.reads / 2),
    ...spread(own[command], { service, command, when: 'before', at: 'call' }, past.reads / 2),
  ]);
  return [...writes, ...reads];
};
