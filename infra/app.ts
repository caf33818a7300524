import { App } from 'aws-cdk-lib';
import { bundleFunctions, codeFoldersIn } from '#infra/bundles.ts';
import { addChecks } from '#infra/checks.ts';
import { accountConfig, stageConfig } from '#infra/config.ts';
import { addRotunda } from '#infra/rotunda.ts';
import { Account } from '#infra/stacks/account.ts';

/** What the CDK command line says, by `--context` or by the credentials in use; nothing below asks the environment. */
const app = new App();

const said = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const account = said('account') ?? process.env.CDK_DEFAULT_ACCOUNT;
const region = said('region') ?? process.env.CDK_DEFAULT_REGION;
if (account === undefined || region === undefined) {
  throw new Error('no account and region: sign in to AWS, or name both with --context account=… --context region=…');
}

if (said('only') === 'account') {
  // What it has is held against the rules with each stage, which has it too.
  new Account(app, 'Account', accountConfig({ account, region }));
} else {
  const deviceEndpoint = said('deviceEndpoint');
  if (deviceEndpoint === undefined) {
    throw new Error(
      'no device endpoint: name it with --context deviceEndpoint=…, as `aws iot describe-endpoint --endpoint-type iot:Data-ATS` tells it',
    );
  }
  const tables = said('tables');
  const config = stageConfig(
    said('stage') ?? 'dev',
    { account, region, deviceEndpoint },
    { like: said('like'), ...(tables === undefined ? {} : { tables: JSON.parse(tables) }) },
  );
  // Who synthesises one checkout several times bundles it once.
  const code = said('bundled') === 'true' ? codeFoldersIn() : await bundleFunctions();
  addRotunda(app, { config, code, isFirst: said('isFirst') === 'true' });
  addChecks(app);
}
