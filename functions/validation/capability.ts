import { defineApi, defineHandler, defineReader } from '#functions/capability.ts';
import { validationOperations } from './api.ts';
import { CloseMonths } from './close-months.ts';
import { readingRoutes } from './contract/readings.ts';
import { JudgeRegister } from './judge-register.ts';
import { silenceSchedule } from './schedule.ts';
import { judgedReader, judgeReader } from './stream.ts';
import { placesReader } from './stream-places.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [readingRoutes],
  operations: validationOperations,
});

/** Days are judged as their readings come. */
export const judge = /* @__PURE__ */ defineReader({
  name: 'validation',
  feed: 'readings',
  needs: ['tables'],
  take: (parts) => judgeReader(new JudgeRegister(parts)),
  batchSize: 2000,
  windowMs: 100,
  behind: true,
});

/** Months are closed, and what was judged becomes facts of the premise. */
export const publish = /* @__PURE__ */ defineReader({
  name: 'judged',
  feed: 'readings',
  needs: ['tables', 'facts'],
  take: (parts) => judgedReader({ ...parts, close: new CloseMonths(parts) }),
  batchSize: 2000,
  windowMs: 100,
  behind: true,
});

/** What changed at a place is noted beside its readings. */
export const places = /* @__PURE__ */ defineReader({
  name: 'places',
  feed: 'profile',
  needs: ['tables'],
  take: placesReader,
});

/** The days of meters of which nothing came are judged. */
export const silence = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'silenceWorker'],
  handle: (parts) => silenceSchedule({ ...parts, judge: new JudgeRegister(parts) }),
});
