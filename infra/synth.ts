import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { acknowledgments } from '#infra/acknowledgments.ts';
import { bundleFunctions, projectRoot } from '#infra/bundles.ts';
import { stageNames } from '#infra/config.ts';
import { synthesize } from '#infra/synthesize.ts';

/** Where a deployment would be, for who only wants to see the templates. */
const example = {
  account: '123456789012',
  region: 'eu-west-1',
  deviceEndpoint: 'example-ats.iot.eu-west-1.amazonaws.com',
};

const { values } = parseArgs({
  options: {
    stage: { type: 'string', multiple: true },
    account: { type: 'string', default: example.account },
    region: { type: 'string', default: example.region },
    'device-endpoint': { type: 'string', default: example.deviceEndpoint },
  },
});
const { account, region } = values;
const place = { account, region, deviceEndpoint: values['device-endpoint'] };

/** Synthesizes stages, all by default, and prints what is not as it should be; exit code 1 then. */
const code = await bundleFunctions();
let findings = 0;
for (const stage of values.stage ?? stageNames) {
  const folder = join(projectRoot, 'cdk.out/synth', stage);
  const { templates, findings: found } = synthesize(stage, place, code, folder);
  const resources = [...templates.values()].reduce((sum, { Resources }) => sum + Object.keys(Resources).length, 0);
  console.log(`${stage}: ${templates.size} stacks, ${resources} resources, ${found.length} findings in ${folder}`);
  for (const { pack, rule, what, where } of found) console.log(`  ${pack} ${rule}: ${what} (${where.join(', ')})`);
  findings += found.length;
}
console.log(`${findings} findings, ${acknowledgments.length} acknowledgments`);
process.exitCode = findings === 0 ? 0 : 1;
