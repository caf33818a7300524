import { runProgram } from '#cli/main.ts';
import { openClients } from './aws.ts';
import { childCdk } from './cdk.ts';
import { buildDeployProgram } from './program.ts';
import { processTalk } from './talk.ts';

const program = buildDeployProgram({ talk: processTalk, clients: openClients, cdk: childCdk });
process.exitCode = await runProgram(program, process.argv.slice(2), processTalk);
