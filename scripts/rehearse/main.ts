import { runProgram } from '#cli/main.ts';
import { childCdk } from '#scripts/deploy/cdk.ts';
import { processTalk } from '#scripts/deploy/talk.ts';
import { openClients } from '#scripts/deployed/aws.ts';
import { awsGround } from './aws-ground.ts';
import { buildRehearseProgram } from './program.ts';

const program = buildRehearseProgram({
  talk: processTalk,
  clients: openClients,
  groundOf: (asked, where) => awsGround(asked, { ...where, cdk: childCdk({}), talk: processTalk }),
});
process.exitCode = await runProgram(program, process.argv.slice(2), processTalk);
// The device SDK's threads would keep the process.
process.exit();
