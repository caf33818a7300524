/**
 * What the bench measures (`npm run bench`), as docs/bench.md has it. A test holds those that are counted quickly against the
 * bench itself.
 */
export const measured = {
  /** G1a: write units per 1,000 readings, readings path alone. */
  readingWrites: 20.83,
  /** G1b: with the usage item of one holder's view. */
  readingAndUsageWrites: 41.67,
  /** Read units per 1,000 readings beside G1b. */
  usageReads: 152,
  /** G9: billed bytes per reading. */
  storedBytes: 4.567,
  /** G3: requests of one view: its query, whose view it is; and its audit entry. */
  viewReads: 2,
  viewWrites: 2,
  /** `countFactUnits`: bills and payments of a household, one a request, with search and usage following. */
  factWrites: 15.67,
  factReads: 5.04,
  /** `countJudgeUnits`: a sound day of a register, judged and with its month closed. */
  judgeWrites: 1.36,
  judgeReads: 12.82,
  /** The same: of looking at it for what it tells. */
  lookWrites: 1,
  lookReads: 12.58,
  /**
   * Seconds of a processor for a day of a register, seen on 2026-12-03 where `countJudgeUnits` runs (2 cores, Intel Xeon, shared): kept;
   * followed into the view and judged; looked at for what it tells. A function of 1,769 MB has one processor.
   */
  takeSeconds: 0.0011,
  judgeSeconds: 0.0098,
  lookSeconds: 0.169,
} as const;

/** What is taken as given, all of it here; the page lists it beside the tables. */
export const assumed = {
  /** Intervals a day and meter, sent as one block. */
  intervals: 48,
  daysPerMonth: 30.4,
  hoursPerMonth: 730,
  /** Hours of a day over which the fleet spreads its blocks, and people and programs theirs. */
  fleetHours: 8,
  workingHours: 12,
  /** Minutes a meter stays connected for its block. */
  connectedMinutes: 1,
  /** Months of readings at hand. */
  monthsKept: 13,
  /** Views in a month for each meter: 120 million a year for 10 million meters. */
  viewsPerMeter: 1,
  /** Facts in a month for each meter: bill, payment, now and then a contact. */
  factsPerMeter: 2.5,
  /** Write units of the audit entry in the commit of a fact. */
  factAuditWrites: 2,
  /** Units of sealing an entry: its seal in a transaction, its part of a link, whether it is sealed. */
  sealWrites: 2.2,
  sealReads: 1,
  /** Of having a meter looked at on time: its item with that of the index taken away and put; once in so many days. */
  watchWrites: 3,
  watchReads: 2,
  watchDays: 4,
  /** Seconds that an invocation of a reader waits for tables, whatever it holds; of a record that has no measure; of a call; of a run by the clock. */
  readerSeconds: 0.1,
  recordSeconds: 0.005,
  callSeconds: 0.05,
  runSeconds: 0.3,
  /** Seconds from one look of Lambda at a shard to the next where a mapping has no window: Kinesis, DynamoDB (known; Lambda Developer Guide). */
  kinesisPoll: 1,
  dynamoPoll: 0.25,
  /** Shards of the changes of a new table on demand, and what a shard more is made for: GB, write units a second (known). */
  tableShards: 4,
  shardGb: 10,
  shardWrites: 1000,
  /** Requests of KMS for a fact and for a view. */
  factKeyUses: 5,
  viewKeyUses: 1,
  /** GB of profile, audit and search of a meter's household. */
  profileGb: 0.00004,
  /** Bytes of logs of a call or an invocation, what is left of them once compressed. */
  logBytes: 600,
  logCompressed: 0.15,
  /** Bytes of a fact as an event of a bus. */
  eventBytes: 1000,
  /** Customers who sign in within a month, of meters; functions called for each; staff, one for so many meters, and at least. */
  customersActive: 0.1,
  signInsPerUser: 4,
  metersPerStaff: 2000,
  leastStaff: 5,
  /** Hours of a day in which a program calls the API, a token for each: facts come by the bus and need none. In a small utility, and from so many meters on. */
  programHours: 4,
  programHoursOfLarge: 24,
  largeFrom: 10_000,
  /** Requests of a queue for a message: sent, received, deleted. Looks of Lambda at an empty queue: pollers, seconds each (known). */
  queueRequests: 3,
  queuePollers: 5,
  queuePollSeconds: 20,
  /** Alarms that are told in a month; bytes of a checkpoint. */
  mails: 20,
  checkpointBytes: 5000,
} as const;
