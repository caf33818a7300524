import { type ConnectionOptions, connectDevice } from './connection.ts';
import { type Journal, memoryJournal, openJournal } from './journal.ts';
import { Meter } from './meter.ts';
import { realPace } from './pace.ts';

export interface LiveMeterOptions {
  readonly id: string;
  readonly topic: string;
  readonly connection: ConnectionOptions;
  readonly register: { readonly id: string; readonly zone: string; readonly intervalSeconds: number };
  readonly measure: (start: number, seconds: number) => number | null;
  /** File of the meter's journal; without it the meter forgets with the process. */
  readonly journal?: string;
  readonly onTrouble?: (error: unknown) => void;
}

export interface LiveMeter {
  /** Ends sampling and closes the line; what is not acknowledged stays in the journal. */
  stop(): Promise<void>;
}

/** A meter in real time: each interval is sent as it closes, and its day in the slot of the night. */
export const startLiveMeter = async (options: LiveMeterOptions): Promise<LiveMeter> => {
  const journal: Journal = options.journal === undefined ? memoryJournal() : await openJournal(options.journal);
  const link = await connectDevice(options.connection);
  const { register, id, topic, measure, onTrouble } = options;
  const meter = new Meter({
    meter: id,
    register: register.id,
    zone: register.zone,
    intervalSeconds: register.intervalSeconds,
    topic,
    line: link,
    journal,
    pace: realPace,
    measure,
    live: true,
    ...(onTrouble === undefined ? {} : { onTrouble }),
  });
  const stopping = new AbortController();
  const running = meter.run(stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      // Closing the line ends publishes that wait for their acknowledgement, and with them the run.
      await link.close();
      await running;
      await journal.close();
    },
  };
};
