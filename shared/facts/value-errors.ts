import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { FieldError } from '#shared/vocabulary/errors.ts';
import type { Verdict } from '#shared/vocabulary/fact.ts';
import { codeInWords } from './values/judgement.ts';

/** What the validators said of the values of a fact, as complaints about fields; of one verdict, or of any. */
export const valueErrors = (fact: Pick<Fact, 'verdicts'>, verdict?: Verdict['verdict']): readonly FieldError[] =>
  Object.entries(fact.verdicts ?? {}).flatMap(([field, told]) =>
    verdict === undefined || told.verdict === verdict
      ? told.codes.map((code) => ({
          pointer: `/data/${field.replaceAll('.', '/')}`,
          code,
          message: codeInWords(code),
        }))
      : [],
  );
