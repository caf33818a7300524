/** A fact about readings that the system makes; what it says once it says always, so that a repeat is the same fact. */
export interface ToldFact {
  readonly type: string;
  readonly event: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly servicePoint: string };
}
