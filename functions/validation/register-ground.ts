import { defaultConfiguration, type VeeConfiguration } from '#shared/domain/vee/configuration.ts';
import type { RegisterGround } from '#shared/domain/vee/judgement.ts';
import type { MeterItem } from '#shared/store/meters.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';

/** Digits of a dial of which nobody said how many it has: none goes over within the life of a meter. */
const unknownDigits = 12;

/**
 * How a register is judged of which nothing in particular is known. Reads are totals in its scale. Agreements about feeding in are
 * not known here, so that nobody is asked about each panel on a roof.
 */
const configurationOf = ({ powerOfTen }: Register): VeeConfiguration => ({
  ...defaultConfiguration,
  off: ['reverse-energy'],
  dial: { digits: unknownDigits, powerOfTen, multiplier: 1 },
});

/** What is known of a register besides its readings; undefined where the meter has no such register. */
export const groundOf = (
  { id, registers, installations }: Pick<MeterItem, 'id' | 'registers' | 'installations'>,
  name: string,
): RegisterGround | undefined => {
  const register = registers.find((one) => one.id === name);
  if (register === undefined) return undefined;
  return {
    meter: id,
    register,
    configuration: configurationOf(register),
    installed: installations.map(({ from, to }) => ({
      from: secondsOf(from),
      to: to === null ? Number.POSITIVE_INFINITY : secondsOf(to),
    })),
    disconnected: [],
    zeroExpected: [],
    exportAgreed: [],
  };
};
