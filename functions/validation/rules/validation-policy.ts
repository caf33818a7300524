import type { Flow } from '#shared/vocabulary/measures.ts';
import type { ClassProfileName, HolidayCalendar, RuleId, RuleParameters } from '#shared/vocabulary/reading-rules.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import type { ClassProfile } from './configuration.ts';
import type { HolidayRules } from './holiday-rules.ts';

/** How registers of a commodity and direction are judged of which nothing in particular is said. */
export interface ValidationPack {
  readonly off: readonly RuleId[];
  readonly parameters: RuleParameters;
  /** Why it differs from the rule pack, and whose word that is. */
  readonly source: string;
}

/** Watts by which an interval has to stand out before it is doubted: no load of a home is switched on for one interval with more. */
const spikes = { 'spike.leastExcessPerHour': 10_000 } as const;
const doubted =
  'An interval that stands out by less than 10 kW is a load and no fault: a kettle, an oven, a shower. Without that floor the check (1.8 times the third-highest) doubts 13 % of the days of six homes (Smart Grid, Smart City), with it none.';
const bursts =
  'The spike check is one of electricity intervals (Oracle Utilities MDM, California VEE): a boiler or a tap stands out from the third-highest interval of most days.';
const gas: ValidationPack = {
  off: ['spike', 'zero'],
  parameters: {},
  source: `${bursts} Zeros of gas are real ones, those of electricity as good as missing (CalTRACK 2.2).`,
};
const water: ValidationPack = { off: ['spike'], parameters: {}, source: bursts };

/** A profile without what depends on the customer. */
type ClassWeights = Omit<ClassProfile, 'annual'>;

interface ValidationPolicy {
  readonly version: number;
  readonly packs: Readonly<Record<Commodity, Readonly<Record<Flow, ValidationPack>>>>;
  /** By rule for any year; a day that is proclaimed is added to `once`, or to `moved`. */
  readonly calendars: Readonly<Record<HolidayCalendar, HolidayRules>>;
  readonly profiles: Readonly<Record<ClassProfileName, ClassWeights>>;
}

/**
 * The declared policy of validation: a utility changes it here, for all registers of a kind, and says on a register what is its
 * own (`metering.meter.installed.v1`, `registers[].validation`). No rule of a regulator stands in it.
 */
export const validationPolicy: ValidationPolicy = {
  version: 2,
  packs: {
    electricity: {
      forward: { off: [], parameters: spikes, source: doubted },
      reverse: {
        off: ['zero', 'high-low'],
        parameters: spikes,
        source:
          'The sun, not the customer, makes what a roof feeds in: dark weeks and the turn of seasons are no faults.',
      },
      net: {
        off: ['high-low'],
        parameters: spikes,
        source: 'Import less export may be near zero on average, where ratios say nothing.',
      },
    },
    gas: { forward: gas, reverse: gas, net: gas },
    water: { forward: water, reverse: water, net: water },
  },
  calendars: {
    'england-and-wales': {
      source: 'Banking and Financial Dealings Act 1971, schedule 1, and proclamations under it, as gov.uk lists them',
      yearly: [
        { month: 1, day: 1 },
        { easter: -2 },
        { easter: 1 },
        { monday: 'first', month: 5 },
        { monday: 'last', month: 5 },
        { monday: 'last', month: 8 },
        { month: 12, day: 25 },
        { month: 12, day: 26 },
      ],
      moved: { '2012-05-28': '2012-06-04', '2020-05-04': '2020-05-08', '2022-05-30': '2022-06-02' },
      once: ['2011-04-29', '2012-06-05', '2022-06-03', '2022-09-19', '2023-05-08'],
    },
  },
  profiles: {
    flat: {
      source: 'equal weights: nothing is known of the class',
      stepSeconds: 86_400,
      workday: [1],
      restday: [1],
      yearWeight: 365,
    },
    'homes-nsw': {
      source: 'means of 6 homes of New South Wales, 2012 to 2014 (Smart Grid Smart City, data.gov.au, CC BY 3.0 AU)',
      stepSeconds: 1800,
      workday: [
        803, 762, 724, 685, 651, 594, 574, 562, 585, 577, 864, 887, 1439, 1447, 1189, 1136, 1054, 969, 944, 870, 853,
        866, 868, 868, 881, 893, 854, 850, 865, 873, 907, 888, 964, 988, 1023, 1168, 1365, 1477, 1483, 1517, 1513, 1474,
        1403, 1354, 1210, 1144, 1044, 900,
      ],
      restday: [
        870, 838, 754, 693, 673, 653, 606, 569, 556, 583, 598, 626, 729, 863, 1005, 1242, 1258, 1370, 1308, 1169, 1163,
        1082, 1055, 1013, 1002, 991, 935, 861, 882, 916, 915, 994, 1067, 1071, 1119, 1271, 1326, 1453, 1476, 1434, 1395,
        1285, 1297, 1286, 1203, 1085, 987, 951,
      ],
      months: [814, 870, 973, 899, 1047, 1378, 1301, 1176, 1015, 879, 846, 765],
      yearWeight: 17_477_211_097,
    },
  },
};
