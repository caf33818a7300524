import { type MeterItem, meterGround } from '#shared/profile/store/meters.ts';
import type { Item } from '#shared/table/table.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { blockLimits } from './contract/block-limits.ts';
import type { MeterEvent } from './contract/meter-event.ts';
import type { MeterMessage } from './contract/read-message.ts';
import type { UsageBlock } from './contract/usage-block.ts';
import { acceptBlock } from './rules/accept-block.ts';
import { acceptMessage } from './rules/accept-message.ts';
import { runOf } from './rules/runs.ts';
import { readingsItem } from './store/readings.ts';
import { registerReadItem } from './store/register-reads.ts';

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

/**
 * Why a message is a correction, which is the head end's to say and not the meter's; undefined where it is none. A meter may say a
 * block again (what it fills is kept below what it told), but of an instant its dial stands at one value.
 */
const correctionOf = (message: Exclude<MeterMessage, { kind: 'fault' }>): string | undefined => {
  switch (message.kind) {
    case 'usage-block': {
      const { revision, quality: marks = [], methods } = message.block;
      if (methods !== undefined) return 'method-of-head-end';
      if (revision > blockLimits.meterRevision) return 'revision-of-head-end';
      return marks.some(([, code]) => code === quality.edited) ? 'edited' : undefined;
    }
    case 'register-read':
      if (message.read.revision > 0) return 'revision-of-head-end';
      return message.read.quality === quality.edited ? 'edited' : undefined;
    case 'meter-event':
      return undefined;
  }
};

const judgeBlock = (
  meter: MeterItem,
  block: UsageBlock,
  headEnd: boolean,
  arrivedAt: number,
): Keepable | MessageRefused => {
  const run = runOf(block);
  const verdict = acceptBlock(meterGround(meter), block.register, run, arrivedAt);
  if ('reason' in verdict) return { keep: 'nothing', ...verdict };
  const kind = headEnd || block.revision === 0 ? 'actual' : 'supplement';
  return { keep: 'block', item: readingsItem(block.meter, block.register, verdict.place, block.revision, run, kind) };
};

/**
 * What is to be kept of a message, as far as the meter is known; `headEnd` where the head end said it and not the meter, `arrivedAt`
 * in Unix seconds.
 */
export const judgeMessage = (
  meter: MeterItem | undefined,
  message: Exclude<MeterMessage, { kind: 'fault' }>,
  headEnd: boolean,
  arrivedAt: number,
): Keepable | MessageRefused => {
  if (meter === undefined) return { keep: 'nothing', reason: 'meter.unknown', code: 'unknown-meter' };
  const correction = headEnd ? undefined : correctionOf(message);
  if (correction !== undefined) return { keep: 'nothing', reason: 'block.correction', code: correction };
  if (message.kind === 'usage-block') return judgeBlock(meter, message.block, headEnd, arrivedAt);
  const refused =
    message.kind === 'register-read'
      ? acceptMessage(meterGround(meter), message.read, arrivedAt)
      : acceptMessage(meter, message.event, arrivedAt);
  if (refused !== undefined) return { keep: 'nothing', ...refused };
  if (message.kind === 'meter-event') return { keep: 'event', event: message.event, meter };
  const { register, ...read } = message.read;
  return { keep: 'read', item: registerReadItem(meter.id, register, read) };
};
