import type * as z from 'zod';
import { MeterEvent } from './meter-event.ts';
import { isUsageFrame } from './read-usage-frame.ts';
import { RegisterRead } from './register-read.ts';
import { checkUsageBlock, readUsageBlock, type UsageBlock } from './usage-block.ts';

/** Why bytes are no message: a JSON pointer to the field and a code. */
export interface MessageFault {
  readonly pointer: string;
  readonly code: string;
}

/** What a message of a meter says. */
export type MeterMessage =
  | { readonly kind: 'usage-block'; readonly block: UsageBlock }
  | { readonly kind: 'register-read'; readonly read: RegisterRead }
  | { readonly kind: 'meter-event'; readonly event: MeterEvent }
  | { readonly kind: 'fault'; readonly fault: MessageFault };

const ofBlock = ({ block, fault }: ReturnType<typeof checkUsageBlock>): MeterMessage =>
  block === undefined ? { kind: 'fault', fault } : { kind: 'usage-block', block };

/** The first fault that a schema found; the value itself is not in it. */
const faultOf = ({ issues: [first] }: z.ZodError): MeterMessage => {
  const path = first?.path ?? [];
  return {
    kind: 'fault',
    fault: { pointer: path.map((step) => `/${String(step)}`).join(''), code: first?.code ?? 'custom' },
  };
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads what a meter sent from the bytes of its message, whatever topic it came by: a frame, or JSON whose `kind` tells (a usage
 * block has none). Never throws for what the bytes hold.
 */
export const readMeterMessage = (bytes: Uint8Array): MeterMessage => {
  if (isUsageFrame(bytes)) return ofBlock(readUsageBlock(bytes));
  let input: unknown;
  try {
    input = JSON.parse(utf8.decode(bytes));
  } catch {
    return { kind: 'fault', fault: { pointer: '', code: 'not-json' } };
  }
  const kind = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : undefined;
  if (kind === 'meter-event') {
    const { data, error } = MeterEvent.safeParse(input);
    return data === undefined ? faultOf(error) : { kind, event: data };
  }
  if (kind === 'register-read') {
    const { data, error } = RegisterRead.safeParse(input);
    return data === undefined ? faultOf(error) : { kind, read: data };
  }
  return ofBlock(checkUsageBlock(input));
};
