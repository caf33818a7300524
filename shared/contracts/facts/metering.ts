import { readingExceptionRaised, readingExceptionResolved } from './metering/exceptions.ts';
import { insightDecided, insightEnded, insightFound } from './metering/insights.ts';
import { monthClosed, readingsCorrected } from './metering/measured.ts';
import { meterEventRecorded, meterInstalled, meterRemoved, placeSettled } from './metering/meters.ts';
import { meterTaskClosed, meterTaskOpened } from './metering/tasks.ts';

/** Every fact of metering, each defined in the file of its topic. */
export const meteringFacts = [
  meterInstalled,
  meterRemoved,
  placeSettled,
  meterEventRecorded,
  readingExceptionRaised,
  readingExceptionResolved,
  readingsCorrected,
  monthClosed,
  insightFound,
  insightEnded,
  insightDecided,
  meterTaskOpened,
  meterTaskClosed,
] as const;
