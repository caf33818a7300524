import type { Construct } from 'constructs';
import { telemetryKinds } from '#functions/readings/contract/topics.ts';
import { constructId } from '#infra/constructs/construct-id.ts';
import { ListedFunctions } from '#infra/constructs/listed-functions.ts';
import { TelemetryRule } from '#infra/constructs/telemetry-rule.ts';
import type { Deployment } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** From the meter to its readings: rules, and the functions that take what meters send and what follows from it. */
export class Ingest extends HouseStack {
  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: messages of meters and readings',
      dataClass: 'personal',
    });
    const { telemetry, failures } = stateful;
    // Messages of each kind go into the stream; its reader reads all of them and puts aside what it does not know.
    for (const kind of telemetryKinds) {
      new TelemetryRule(this, `${constructId(kind)}Rule`, {
        config: deployment.config,
        kind,
        stream: telemetry,
        failures,
      });
    }
    new ListedFunctions(this, 'ingest', stateful);
  }
}
