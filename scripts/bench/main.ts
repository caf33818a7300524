import { measurements } from './measurements.ts';
import { runBench } from './run-bench.ts';

/** `npm run bench`: goal beside figure. Sockets of the systems it ran may linger, so it ends by itself. */

runBench(measurements, process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
}).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
