import type { Fact } from '#shared/contracts/facts/fact.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import type { Channel, Writer } from '#shared/vocabulary/statuses.ts';

/** Under this name the profile keeps what customers say themselves at our own door: their word is not that of staff. */
export const customersSource = 'customer';

/** Systems through which customers speak for themselves. */
const customersSystems: readonly string[] = ['portal', 'app'];

/** Channels by which nobody of the utility's staff writes. */
const machineChannels: ReadonlySet<Channel> = new Set<Channel>(['ivr', 'meter', 'system']);

const ownWriter = ({ source }: Fact): Writer => {
  const [kind] = source.actor.split(':', 1);
  return kind === 'customer' || kind === 'staff' ? kind : 'system';
};

interface Said {
  readonly writtenBy?: Writer | undefined;
  readonly direction?: string | undefined;
  readonly channel?: Channel | undefined;
}

/** What an interaction says of itself. */
const saidBy = (fact: Fact): Said => {
  if (fact.type === 'contact.interaction.logged.v1') return fact.data;
  return fact.type === 'contact.change-request.made.v1' ? { channel: fact.data.channel } : {};
};

/**
 * Whose words a fact holds. At our own door the verified actor tells; what the customers' systems send is the customer's, or where
 * they send something out the system's, never that of staff, whatever it says of itself; of other systems it is what they say, and
 * else that of the staff who work with them.
 */
export const writerOf = (fact: Fact): Writer => {
  if (fact.source.system === ownSystem) return ownWriter(fact);
  const { writtenBy: stated, direction, channel } = saidBy(fact);
  if (customersSystems.includes(fact.source.system)) {
    if (stated === 'customer' || stated === 'system') return stated;
    return direction === 'outbound' ? 'system' : 'customer';
  }
  return stated ?? (channel !== undefined && machineChannels.has(channel) ? 'system' : 'staff');
};

/** The source of a fact as the profile ranks it: at our own door a customer's word is kept apart from that of staff. */
export const sourceOf = (fact: Fact): string =>
  fact.source.system === ownSystem && ownWriter(fact) === 'customer' ? customersSource : fact.source.system;

/** Whether a source is customers speaking for themselves. */
export const isCustomersSource = (source: string): boolean =>
  source === customersSource || customersSystems.includes(source);

/** Whose words an interaction holds, as views tell it beside the fact; nothing for facts that are none. */
export const writtenBy = (fact: Fact): { readonly writtenBy?: Writer } =>
  fact.entity !== undefined && fact.type.startsWith('contact.') ? { writtenBy: writerOf(fact) } : {};
