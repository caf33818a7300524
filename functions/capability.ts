import type { Context } from 'aws-lambda';
import type { AdvanceParts } from '#functions/imports/import-work.ts';
import type { ReplayWorker } from '#functions/operations/replay-parts.ts';
import type { SilenceWorker } from '#functions/validation/schedule.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import type { OpenApiSettings } from '#shared/contracts/api/openapi.ts';
import type { TakeChanges } from '#shared/edge/changes.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { FactStore } from '#shared/facts/fact-store.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type {
  Bus,
  DeviceRegistry,
  ErasureRegister,
  GivenUp,
  Objects,
  SetAside,
  TelemetryStream,
  Uploads,
} from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table, TableName } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import type { Signer } from '#shared/vocabulary/clients.ts';
import type { ErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';

/**
 * What a capability has that runs. Each stands in its `capability.ts` as a constant of its own, says which bodies of the system it
 * needs, and is wired from them in one place, for one machine and for AWS alike. `manifest.ts` says which deployed function runs
 * which of them; one machine runs all.
 */

/** What everything that runs has, wherever it runs. */
export interface Base {
  readonly stage: string;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Bodies by name; one machine and AWS make each of their own. */
export interface Bodies {
  readonly tables: Readonly<Record<TableName, Table>>;
  /** The utility's zone, and its local date, now or at an instant in milliseconds. */
  readonly day: { readonly zone: string; readonly today: (at?: number) => string };
  /** What keeps facts. */
  readonly facts: FactStore & { readonly country: Country; readonly payments: PaymentPolicy };
  /** The same for what rarely keeps one: opened when the first fact comes. */
  readonly laterFacts: { readonly sealer: Sealer; readonly submit: SubmitFacts };
  readonly sealer: { readonly sealer: Sealer };
  /** Country of phone numbers written without one. */
  readonly country: { readonly country: Country };
  readonly devices: { readonly devices: DeviceRegistry };
  readonly erasures: { readonly erasures: ErasurePolicy };
  readonly outbound: { readonly bus: Bus };
  readonly telemetry: { readonly telemetry: TelemetryStream };
  /** Files of imports, and what was written down of them. */
  readonly importFiles: { readonly objects: Objects; readonly uploads: Uploads };
  /** Has an import worked off. */
  readonly importWorker: { readonly wake: (id: string) => Promise<void> };
  /** Makes points of imports known, and keeps rows aside that have no place. */
  readonly importPoints: Pick<AdvanceParts, 'makePoints' | 'keepRows'>;
  /** Has segments of replays worked on. */
  readonly replayWorker: ReplayWorker;
  /** Has a round through the silent meters gone on with. */
  readonly silenceWorker: SilenceWorker;
  readonly checkpoints: { readonly checkpoints: Objects };
  /** Who was erased, and what lies outside the tables of them. */
  readonly erasing: { readonly register: ErasureRegister; readonly givenUp: GivenUp };
  readonly setAside: { readonly setAside: readonly SetAside[] };
  /** What the OpenAPI document says of the installation, and whether the store fails just now. */
  readonly document: { readonly document: OpenApiSettings; readonly failing: () => boolean };
  readonly signsIn: { readonly signsIn: Signer };
}
export type Body = keyof Bodies;
/** Bodies that operations of the API may need. */
export type ApiBody = Exclude<
  Body,
  | 'laterFacts'
  | 'outbound'
  | 'telemetry'
  | 'importPoints'
  | 'replayWorker'
  | 'silenceWorker'
  | 'checkpoints'
  | 'erasing'
  | 'setAside'
  | 'signsIn'
>;

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** What is made of bodies: everything that they hold, beside the base. */
export type Parts<Needed extends Body> = Base & ([Needed] extends [never] ? unknown : Intersection<Bodies[Needed]>);

interface Needing<Needed extends Body> {
  readonly needs: readonly Needed[];
}

/** Operations of the API; `Made` names them, so that the manifest can be held to the routes. */
export interface Api<Needed extends ApiBody = ApiBody, Made extends Partial<Operations> = Partial<Operations>>
  extends Needing<Needed> {
  /** Lists of routes; those it has no operation for are another one's. */
  readonly routes: readonly (readonly RouteDefinition[])[];
  readonly operations: (parts: Parts<Needed>) => Made;
}

/** A reader of the changes of a table. */
export interface ChangeReader<Needed extends Body = Body> extends Needing<Needed> {
  /** By which one machine remembers how far it came. */
  readonly name: string;
  readonly feed: Exclude<TableName, 'keys'>;
  readonly take: (parts: Parts<Needed>) => TakeChanges;
  /** On one machine: most changes at once, how long it waits for more, and whether it rests while a history is handed over. */
  readonly batchSize?: number;
  readonly windowMs?: number;
  readonly behind?: true;
}

/** What an event comes with. */
export type Invocation = Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>;

/** What is called with one event: a run of a schedule, an act of the operator, a file that came. */
export interface Handler<Needed extends Body = Body, Event = unknown, Answer = unknown> extends Needing<Needed> {
  readonly handle: (parts: Parts<Needed>) => (event: Event, context: Invocation) => Promise<Answer>;
}

/**
 * These give constants their types and do nothing else. Calls are marked as pure and hold no spread, so that a bundle leaves out
 * what its function does not run.
 */
export const defineApi = <const Needed extends ApiBody, Made extends Partial<Operations>>(
  one: Api<Needed, Made>,
): Api<Needed, Made> => one;

export const defineReader = <const Needed extends Body>(one: ChangeReader<Needed>): ChangeReader<Needed> => one;

export const defineHandler = <const Needed extends Body, Event, Answer>(
  one: Handler<Needed, Event, Answer>,
): Handler<Needed, Event, Answer> => one;
