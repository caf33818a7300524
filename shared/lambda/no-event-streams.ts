/** Stands in bundles for what the SDK loads at the first call of an operation that streams events. */
export class EventStreamSerde {
  constructor() {
    throw new Error('operations that stream events are left out of this bundle');
  }
}
