import type { AnsweringCapability } from '#functions/routes.ts';
import type { Signer } from '#shared/vocabulary/clients.ts';
import type { BehindAlarm, FunctionAlarm } from './alarm.ts';
import type { RunName } from './runs.ts';
import type { ScheduleExpression } from './schedule-rate.ts';

/** What a function may do; it gets the settings that come with it. Nothing else is granted to it. */
export type Right =
  /** Says who looked at what: puts entries of the audit, and reads back one whose answer was lost. */
  | 'record'
  | 'read the audit'
  /** Puts links and seals of its chains beside the audit's entries. */
  | 'seal the audit'
  /** Puts checkpoints of the audit's chains, locked. */
  | 'keep checkpoints'
  | 'read profiles'
  | 'read all profiles'
  | 'read readings'
  | 'read all readings'
  /** Keeps readings, and what follows from them, without taking any away. */
  | 'keep readings'
  /** Keeps judged days, and takes away those that were left to be judged. */
  | 'judge readings'
  /** Keeps corrections beside readings, takes them away again, and keeps what people make of insights. */
  | 'correct readings'
  /** Keeps tariffs beside profiles. */
  | 'keep tariffs'
  /** Keeps temperatures of areas beside readings. */
  | 'keep temperatures'
  /** Commits facts, and opens what was sealed in them. */
  | 'commit facts'
  /** Tells subscribers of facts. */
  | 'publish facts'
  /** Keeps meters, and records of idempotency beside them. */
  | 'keep meters'
  /** Keeps which meters are looked at, and looks no longer at one that was removed. */
  | 'watch meters'
  /** Has looks at meters gone on with. */
  | 'go on with looks'
  | 'register meters'
  /** Sees which certificates a meter has. */
  | 'look at certificates'
  /** Keeps which certificates meters have. */
  | 'keep certificates'
  /** Takes back certificates that are superseded or over. */
  | 'retire certificates'
  /** Finds values by their keyed hashes, and opens nothing that is sealed. */
  | 'hash searches'
  /** Keeps what was learnt of stored customers, and which of them may be one. */
  | 'match customers'
  | 'sign cursors'
  /** Keeps where imports stand and what they wrote down, lets files in, and has them worked off. */
  | 'keep imports'
  /** Takes away what imports brought, and their rows in quarantine. */
  | 'undo imports'
  /** Has points made known that imports name: what keeps facts is a function of its own. */
  | 'have points made'
  /** Has segments of replays worked on. */
  | 'have replays worked on'
  /** Puts messages on the telemetry stream, as meters do. */
  | 'send telemetry'
  /** Keeps the register of who was erased, and forgets what files and records that were given up tell of them. */
  | 'erase people'
  /** Hands in what was given up where it came from: letters to the queue, batches to their readers, messages to the stream. */
  | 'hand in again';

/** What can be read in order: the changes of a table, or what meters sent. */
export type StreamOf = 'profile' | 'readings' | 'audit' | 'telemetry';
export type QueueOf = 'facts';

/**
 * What a function is called by. Each but `api` and `name` is a construct of the function's stack: stacks that are deployed know it
 * by its `id`, so that one which gets another id is replaced.
 */
export interface CalledBy {
  /** Behind the gateway; `answers` names the routes' capability where it is not the function's own name. */
  readonly api: { readonly answers?: AnsweringCapability };
  /** Changes of a table, or what meters sent, in order. */
  readonly stream: {
    readonly id: string;
    readonly of: StreamOf;
    readonly batchSize: number;
    readonly windowSeconds: number;
    /** Batches of a shard that are taken at once, while the table is new and has few. */
    readonly parallelization?: number;
    /** Event patterns; a record that none of them matches is passed over. */
    readonly filters?: readonly object[];
    /**
     * What its records say stands in a table still and can be done again from there: where only what protects data is watched, nobody is
     * told at once of one that is given up. It lies in the failures bucket as all do.
     */
    readonly keptElsewhere?: true;
    /** The alarm where it is behind. */
    readonly behind: BehindAlarm;
  };
  readonly queue: {
    readonly id: string;
    readonly of: QueueOf;
    readonly batchSize: number;
    readonly concurrency: number;
  };
  readonly schedule: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly expression: ScheduleExpression;
  };
  /** A file that came into a bucket. */
  readonly file: { readonly id: string; readonly name: string; readonly description: string; readonly of: 'imports' };
  /** Called by name: the operator, another function, IoT Core, or Cognito where somebody of a kind signs in. */
  readonly name: { readonly by: 'operator' | 'function' | 'iot' } | { readonly by: 'sign-in'; readonly of: Signer };
}

interface Deployed {
  readonly description: string;
  readonly memoryMb: number;
  readonly seconds: number;
  readonly runs: readonly RunName[];
  readonly rights: readonly Right[];
  /** Alarms of this function alone, beside those that every function has. */
  readonly alarms?: readonly FunctionAlarm[];
}

/** A function behind the gateway, as it is deployed: it stands in the stack of the API. */
export interface ApiFunctionDefinition extends Deployed {
  readonly on: Pick<CalledBy, 'api'>;
}

/** Any other function. */
export interface OtherFunctionDefinition extends Deployed {
  readonly stack: 'ingest' | 'events' | 'stateful';
  readonly on: Partial<Omit<CalledBy, 'api'>>;
  /** Id among the constructs of its stack, where that is not its name: stacks that are deployed know it by this. */
  readonly id?: string;
  /**
   * Executions kept for it and not passed, by the stage that keeps some; the account's limit must allow them. Readers of a stream are
   * kept as many as their shards come to (`infra/fleet.ts`).
   */
  readonly reserved?: { readonly staging?: number; readonly prod?: number };
  /**
   * Whether it hands on what it has no time for to a run of its own, as often as it takes. Lambda stops a function that has called
   * itself about 16 times (AWS Lambda, "Use Lambda recursive loop detection to prevent infinite loops") unless it may.
   */
  readonly handsOn?: true;
  /** Thousandths of its time that a run may take before it is told, where it is not 900: one that hands on works nearly to its end. */
  readonly nearTimeout?: number;
}

/** A function as the manifest lists it. */
export type ListedFunction = ApiFunctionDefinition | OtherFunctionDefinition;

/** A function as it is deployed, whatever calls it. */
export interface FunctionDefinition extends Omit<OtherFunctionDefinition, 'on' | 'stack'> {
  readonly stack?: OtherFunctionDefinition['stack'];
  readonly on: Partial<CalledBy>;
}

/** What a function of the API may do that answers people and changes nothing. */
export const reader = ['record', 'read profiles', 'sign cursors'] as const satisfies readonly Right[];
/** What one may do that keeps facts. */
export const writer = [...reader, 'commit facts'] as const satisfies readonly Right[];

/** Matches changes of a table whose key begins with one of the prefixes. */
export const keysBegin = (attribute: 'pk' | 'sk', ...prefixes: string[]) => ({
  dynamodb: { Keys: { [attribute]: { S: prefixes.map((prefix) => ({ prefix })) } } },
});
