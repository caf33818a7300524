import type { MeterEvent } from '#shared/contracts/telemetry/meter-event.ts';
import type { MeterMessage } from '#shared/contracts/telemetry/read-message.ts';
import type { UsageBlock } from '#shared/contracts/telemetry/usage-block.ts';
import { acceptBlock } from '#shared/domain/metering/accept-block.ts';
import { acceptMessage } from '#shared/domain/metering/accept-message.ts';
import type { MeterItem } from '#shared/store/meters.ts';
import { readingsItem } from '#shared/store/readings.ts';
import { registerReadItem } from '#shared/store/register-reads.ts';
import type { Item } from '#shared/store/table.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';

export type BlockItem = Item & { readonly w: Uint8Array };

/** What is to be kept of a message: readings, what a dial stood at, or what a meter's event says. */
export type Keepable =
  | { readonly keep: 'block'; readonly item: BlockItem }
  | { readonly keep: 'read'; readonly item: Item }
  | { readonly keep: 'event'; readonly event: MeterEvent; readonly meter: MeterItem };

export interface MessageRefused {
  readonly keep: 'nothing';
  readonly reason: QuarantineReason;
  readonly code: string;
}

/** The meter that a message says it is from, and the register it is about. */
export const toldOf = (
  message: Exclude<MeterMessage, { kind: 'fault' }>,
): { readonly meter: string; readonly register?: string } => {
  switch (message.kind) {
    case 'usage-block':
      return { meter: message.block.meter, register: message.block.register };
    case 'register-read':
      return { meter: message.read.meter, register: message.read.register };
    case 'meter-event':
      return { meter: message.event.meter };
  }
};

const judgeBlock = (meter: MeterItem, block: UsageBlock, arrivedAt: number): Keepable | MessageRefused => {
  const { start, interval, values, quality } = block;
  const run = { start, interval, values, quality };
  const verdict = acceptBlock(meter, block.register, run, arrivedAt);
  if ('reason' in verdict) return { keep: 'nothing', ...verdict };
  return { keep: 'block', item: readingsItem(block.meter, block.register, verdict.place, block.revision, run) };
};

/** What is to be kept of a message, as far as the meter is known; `arrivedAt` in Unix seconds. */
export const judgeMessage = (
  meter: MeterItem | undefined,
  message: Exclude<MeterMessage, { kind: 'fault' }>,
  arrivedAt: number,
): Keepable | MessageRefused => {
  if (meter === undefined) return { keep: 'nothing', reason: 'meter.unknown', code: 'unknown-meter' };
  if (message.kind === 'usage-block') return judgeBlock(meter, message.block, arrivedAt);
  const refused = acceptMessage(meter, message.kind === 'register-read' ? message.read : message.event, arrivedAt);
  if (refused !== undefined) return { keep: 'nothing', ...refused };
  if (message.kind === 'meter-event') return { keep: 'event', event: message.event, meter };
  const { register, ...read } = message.read;
  return { keep: 'read', item: registerReadItem(meter.id, register, read) };
};
