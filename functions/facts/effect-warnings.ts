import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import type { PlaceInFold } from '#shared/contracts/facts/place-in-fold.ts';
import type { KeptOutcome } from '#shared/facts/fact-outcome.ts';
import type { FieldError } from '#shared/vocabulary/errors.ts';

const withoutEffect: Readonly<Record<PlaceInFold['kind'], string>> = {
  names: 'What it names was taken back, or does not let this be done as it stands.',
  describes: 'Nothing that it describes stands as it says.',
  word: 'What it speaks of is not there as it says.',
  tells: 'The record has no room for it, or holds what it cannot stand beside.',
};

/** What the sender of a kept fact is told of its effect. */
export const effectWarnings = ({ fact, effect }: KeptOutcome): readonly FieldError[] => {
  const kind = factTypes.get(fact.type)?.inFold.kind ?? 'tells';
  return [
    ...(effect?.groundless === true
      ? [{ pointer: '/data', code: 'fact.without-effect', message: `${withoutEffect[kind]} The fact is kept.` }]
      : []),
    ...(effect?.tied === true
      ? [
          {
            pointer: '/sourceSequence',
            code: 'fact.without-sequence',
            message:
              'Another fact of this source says the same thing of the same instant: send sourceSequence, so that the later word holds.',
          },
        ]
      : []),
  ];
};
