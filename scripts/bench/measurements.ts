import { anomalies } from './anomalies/measure.ts';
import { waterAlerts } from './anomalies/water-homes.ts';
import { atTenThousand } from './at-ten-thousand.ts';
import { bundleSizes } from './bundles.ts';
import { importMeasurement } from './import.ts';
import { insightAnswers } from './insight-answers.ts';
import { judging } from './judging.ts';
import { oneAgreementMore } from './landlord.ts';
import { latency } from './latency.ts';
import type { Measurement } from './measurement.ts';
import { replayMeasurement } from './replay.ts';
import { searchMeasurement } from './search/search-measurement.ts';
import { seedDuration } from './seed-duration.ts';
import { storedBytes } from './stored-bytes.ts';
import { historyCost, viewCost } from './view-cost.ts';
import { readingsWriteUnits, usageWriteUnits } from './write-units.ts';

/** Every measurement, in the order they are taken. */
export const measurements: readonly Measurement[] = [
  readingsWriteUnits,
  usageWriteUnits,
  replayMeasurement,
  viewCost,
  historyCost,
  oneAgreementMore,
  storedBytes,
  judging,
  insightAnswers,
  bundleSizes,
  anomalies,
  waterAlerts,
  latency,
  atTenThousand,
  searchMeasurement,
  seedDuration,
  importMeasurement,
];
