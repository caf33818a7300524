import { assumed, measured } from './assumed.ts';
import { costOf } from './prices.ts';
import type { Standing } from './standing.ts';

const dollars = (value: number): string => `$${value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en')}`;

/** What the tables leave out, by name, with what it comes to where that can be said. */
export const leftOut = (dev: Standing, prod: Standing, meters: number): readonly string[] => {
  const rotations = 2 * dev.rotatingKeys;
  const days = meters * assumed.daysPerMonth;
  return [
    `rotation of ${dev.rotatingKeys} keys: ${dollars(costOf('keyRotated', dev.rotatingKeys))} a month more in the second year, ${dollars(costOf('keyRotated', rotations))} from the third on, in every stage; for a stage of 1,000 meters that is more than a hundredth`,
    `a daily audit of devices, where an address for it is named: ${dollars(costOf('auditedDevice', 1000))} at 1,000 meters, ${dollars(costOf('auditedDevice', meters))} at ${meters.toLocaleString('en')}`,
    `days with holes: each that is judged and looked at once more is paid again, so that one in ten is ${dollars(
      costOf('write', days * 0.1 * (measured.judgeWrites + measured.lookWrites)) +
        costOf('read', days * 0.1 * (measured.judgeReads + measured.lookReads)) +
        costOf('lambdaTime', days * 0.1 * measured.lookSeconds * 1.73),
    )} at ${meters.toLocaleString('en')} meters, beside the estimates, exceptions and facts of them; the same for days that come late or in parts`,
    `what is stored of judged days and what they tell: a hundred bytes a day are ${dollars((costOf('stored', 1) + costOf('recovery', 1)) * ((days * assumed.monthsKept * 100) / 1e9))} at ${meters.toLocaleString('en')} meters`,
    `further holders of an account, one usage item a day each: for one in ten ${dollars(costOf('write', days * 0.1))} at ${meters.toLocaleString('en')} meters`,
    'calls of the portal and the console beyond the one view: each is a call, a lookup and an audit entry, as the line of views has it',
    `data that leaves AWS: about 4 kB a view, ${dollars((meters * assumed.viewsPerMeter * 4000 * 0.09) / 1e9)} at ${meters.toLocaleString('en')} meters (known: $0.09 a GB)`,
    `the firewall's charge from 1,500 units of capacity on, and for bodies over 16 KB: ${dollars((meters * assumed.viewsPerMeter * 0.2) / 1e6)} for each 500 units at ${meters.toLocaleString('en')} meters (known)`,
    'requests of KMS by buses, queues, tables and the stream: they keep a key for minutes, so that the number does not grow with what passes (Encryption at Rest for Amazon EventBridge Custom Event Bus)',
    `replays, imports and what is given up, which happen when somebody asks for them or something fails; alarms of ${prod.stage} that are told oftener`,
    'e-mails of Cognito, CloudTrail, support, taxes',
  ];
};
