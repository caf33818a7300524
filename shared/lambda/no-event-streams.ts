const leftOut = (): never => {
  throw new Error('operations that stream events are left out of this bundle');
};

/** Stands in bundles for what the SDK makes at the first call of an operation that streams events. */
export class EventStreamSerde {
  constructor() {
    leftOut();
  }
}

/** Stands for what a client is set up with to stream events; one that never does needs none of it. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
export const eventStreamSerdeProvider = leftOut;
