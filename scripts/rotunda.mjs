#!/usr/bin/env node
import { register } from 'tsx/esm/api';

register();
// What a command writes is its user's alone: exports hold personal data, and keys of meters lie in the data folder.
process.umask(process.umask() | 0o077);
// A reader that stops early (head, less) is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const { main } = await import('./rotunda/main.ts');
process.exitCode = await main(process.argv.slice(2));
