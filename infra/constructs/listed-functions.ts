import type { Construct } from 'constructs';
import { type FunctionIn, type FunctionName, functionNamed, functionsIn } from '#functions/manifest.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { constructId } from './construct-id.ts';
import type { Estate } from './estate.ts';
import { HouseFunction } from './function.ts';
import { QueueMapping } from './queue-mapping.ts';
import { grantRights, settingsOf } from './rights.ts';
import { ObjectRule, Schedule } from './rule.ts';
import { StreamMapping } from './stream-mapping.ts';

/** A function with the rights that the manifest lists, and their settings beside `more`. */
export const listedFunction = (
  scope: Construct,
  id: string,
  name: FunctionName,
  estate: Estate,
  more: Partial<Settings> = {},
): HouseFunction => {
  const { rights, on: calledBy } = functionNamed(name);
  const { ground, commonSettings, telemetry } = estate;
  const made = new HouseFunction(scope, id, {
    ground,
    name,
    settings: {
      ...commonSettings,
      ...more,
      // Who reads the telemetry stream knows its name.
      ...(calledBy.stream?.of === 'telemetry' ? { telemetryStream: telemetry.stream.streamName } : {}),
      ...settingsOf(rights, estate),
    },
  });
  grantRights(made, rights, estate);
  return made;
};

/** What calls a function, beside who calls it by its name. */
const addCalls = (scope: Construct, target: HouseFunction, estate: Estate): void => {
  const { stream, queue, file, schedule } = functionNamed(target.houseName).on;
  const deadLetters = estate.ground.failedInvocations;
  if (stream !== undefined) new StreamMapping(scope, stream.id, { target, from: estate });
  if (queue !== undefined) new QueueMapping(scope, queue.id, { target, queues: estate.queues });
  if (file !== undefined) new ObjectRule(scope, file.id, { target, deadLetters, buckets: estate });
  if (schedule !== undefined) new Schedule(scope, schedule.id, { target, deadLetters });
};

/** The functions of a stack as the manifest lists them, and what calls each. */
export class ListedFunctions<Stack extends 'ingest' | 'events'> {
  readonly #made: ReadonlyMap<FunctionName, HouseFunction>;

  constructor(scope: Construct, stack: Stack, estate: Estate) {
    const made = functionsIn(stack).map((name) =>
      listedFunction(scope, functionNamed(name).id ?? constructId(name), name, estate),
    );
    for (const one of made) addCalls(scope, one, estate);
    this.#made = new Map(made.map((one) => [one.houseName, one]));
  }

  named(name: FunctionIn<Stack>): HouseFunction {
    const found = this.#made.get(name);
    if (found === undefined) throw new RangeError(`no function ${name}`);
    return found;
  }
}
