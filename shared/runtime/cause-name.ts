/** What may stand in a log of why something failed: the name of its error. A message may hold what a person wrote. */
export const causeName = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
