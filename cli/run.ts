import { main } from './main.ts';

/** The program `rotunda`: its words are this process's arguments. */

// What a command writes is its user's alone: exports hold personal data, and keys of meters lie in the data folder.
process.umask(process.umask() | 0o077);
// A reader that stops early (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv.slice(2));
