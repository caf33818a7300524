/** How the value of one attribute is chosen among what sources say (survivorship). */
export interface AttributePolicy {
  /**
   * `best-one`: the best by the order of `chooseBest`; `most-frequent`: what most sources say, the best of those where several
   * do; `earliest`: the smallest value.
   */
  readonly strategy: 'best-one' | 'most-frequent' | 'earliest';
  /** Whether a value that was proved comes before one that was not, whatever the source. */
  readonly verifiedFirst: boolean;
  /** Source systems, best first; systems of one entry are equals, those not named come last. */
  readonly ranks: readonly (readonly string[])[];
  /** Days after which what a source said no longer has its rank; null where it keeps it. */
  readonly maxAgeDays: number | null;
}

/** Attributes of a customer that sources may say differently. */
export const profileAttributes = ['name', 'kind', 'dateOfBirth', 'language'] as const;
export type ProfileAttribute = (typeof profileAttributes)[number];

/**
 * The declared policy. `rotunda` is what people enter at Rotunda's own doors: a deliberate correction, made with the customer and
 * in sight of what the other systems say. It comes first, but not for ever: after two years a system's newer word counts again.
 * `customer` is what customers say there themselves: it has no more weight than their portal. A language is the customer's own
 * wish, so what they chose comes before the systems of the utility, and beside what they told staff: the latest of these stands.
 */
export const survivorshipPolicy = {
  version: 2,
  attributes: {
    name: {
      strategy: 'best-one',
      verifiedFirst: true,
      ranks: [['rotunda'], ['billing'], ['crm'], ['portal', 'app', 'customer']],
      maxAgeDays: 730,
    },
    kind: { strategy: 'best-one', verifiedFirst: false, ranks: [['rotunda'], ['billing'], ['crm']], maxAgeDays: null },
    dateOfBirth: {
      strategy: 'best-one',
      verifiedFirst: true,
      ranks: [['rotunda'], ['billing'], ['crm'], ['portal', 'app', 'customer']],
      maxAgeDays: null,
    },
    language: {
      strategy: 'best-one',
      verifiedFirst: false,
      ranks: [['portal', 'app', 'customer', 'rotunda'], ['crm'], ['billing']],
      maxAgeDays: null,
    },
  },
} as const satisfies {
  readonly version: number;
  readonly attributes: Readonly<Record<ProfileAttribute, AttributePolicy>>;
};

/** Policy of an attribute. */
export const policyOf = (attribute: ProfileAttribute): AttributePolicy => survivorshipPolicy.attributes[attribute];
