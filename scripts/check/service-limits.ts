import { stageNames } from '#infra/config.ts';
import { findingLine } from '#infra/limits/limit.ts';
import { limitFindings } from '#infra/limits/limits.ts';
import { readEstate } from '#infra/limits/read-estate.ts';
import { readingStages } from '#scripts/stages.ts';

/** Where the templates of all stages pass a limit of AWS. */
export const serviceLimitComplaints = (): readonly string[] =>
  readingStages(stageNames, (folder) => limitFindings(readEstate(folder)).map(findingLine));
