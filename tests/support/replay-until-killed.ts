import { openFolder, replayFolder } from './replayed-folder.ts';

/** A process that replays a data folder in so many segments, and says on a line how many subjects are done; it may be killed. */
const [folder, segments = '4'] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
const system = await openFolder(folder);
const done = await replayFolder(system, Number(segments), ({ subjects }) => process.stdout.write(`${subjects}\n`));
process.stdout.write(`${JSON.stringify(done)}\n`);
await system.stop();
