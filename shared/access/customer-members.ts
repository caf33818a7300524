/**
 * What customers may say in the bodies of the changes that are open to them, by operation: these members and no others. Whatever a
 * body has besides is for staff to say, and a new member is too until it stands here.
 */
export const customerMembers = {
  changeCustomer: ['language'],
  addContactPoint: ['kind', 'value', 'label', 'preferred'],
  changeContactPoint: ['label', 'preferred'],
  logInteraction: ['channel', 'direction', 'reason', 'summary'],
  reportOutage: ['premise', 'commodity', 'startedAt', 'description'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type OpenToCustomers = keyof typeof customerMembers;

/** Members that a body has and customers may not send; what is not set was not sent. */
export const notForCustomers = (
  operation: OpenToCustomers,
  body: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const allowed: readonly string[] = customerMembers[operation];
  return Object.keys(body).filter((name) => body[name] !== undefined && !allowed.includes(name));
};
