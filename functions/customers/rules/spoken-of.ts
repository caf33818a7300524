import { record, row, type SpokenRow } from '#shared/access/spoken.ts';

/** What facts of customers and of conversations speak of. */
export const customerSpoken: readonly SpokenRow[] = [
  row('customer.profile.registered.v1', record),
  row('customer.profile.corrected.v1', record),
  row('customer.contact-point.added.v1', record),
  row('customer.contact-point.changed.v1', record),
  row('customer.contact-point.removed.v1', record),
  row('customer.contact-point.verified.v1', record),
  row('customer.attribute.pinned.v1', record),
  row('contact.change-request.made.v1', record),
  row('contact.change-request.settled.v1', record),
  row('contact.interaction.logged.v1', record),
];
