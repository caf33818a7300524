import * as z from 'zod';
import type { DeviceLink } from '#iot/connection.ts';
import type { InboundEvent, OutboundEvent } from '#shared/contracts/local/bus.ts';
import type { ApiClient } from '#tests/support/api-client.ts';

/** How a meter is told to connect: what the story reads of the answer to its registration. */
export const Enrolment = z.object({
  id: z.string(),
  thing: z.string(),
  certificatePem: z.string(),
  caPem: z.string(),
  endpoint: z.string(),
  port: z.number(),
  fingerprint: z.string(),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** Acts of the operator that the story needs. */
export interface Operator {
  /** Reasons of what is kept aside, with how many of each. */
  quarantined(): Promise<ReadonlyMap<string, number>>;
  /** Recomputes the audit chains. */
  verifyAudit(): Promise<{ readonly ok: boolean; readonly entries: number; readonly unsealed: number }>;
  /** Looks for duplicates of every customer. */
  findDuplicates(): Promise<{ readonly customers: number; readonly compared: number; readonly open: number }>;
  /** Learns the matcher's weights from the stored customers; rejects with the problem's code where it is refused. */
  trainMatch(): Promise<{ readonly customers: number }>;
}

/** A system the story is told to: that of one machine, or one that was deployed. */
export interface StoryGround {
  readonly stage: string;
  readonly api: ApiClient;
  /** Puts events on the inbound bus, as the sending systems do. */
  send(events: readonly InboundEvent[]): Promise<void>;
  /** What a subscriber of the outbound bus has got since the ground was opened. */
  published(): Promise<readonly OutboundEvent[]>;
  /** Connects a meter by the device SDK. Rejects where it is refused. */
  connect(meter: Enrolment, keyPem: string): Promise<DeviceLink>;
  /** Takes a meter's certificate back. */
  revoke(meter: Enrolment): Promise<void>;
  /** Items of the readings table that a meter's register has, by sort key, as hex of their bytes. */
  readings(meter: string, register: string): Promise<ReadonlyMap<string, string>>;
  readonly operator: Operator;
  /** Has the run over silent meters begin, now or within a minute. */
  lookAtSilentMeters(): Promise<void>;
  /** A token that was good once. */
  expiredToken(): Promise<string>;
  /** A token of today that somebody else has signed. */
  forgedToken(): Promise<string>;
  /** Longest wait for what comes by a stream or queue, in milliseconds. */
  readonly patienceMs: number;
}
