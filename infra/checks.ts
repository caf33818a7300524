import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { acknowledge } from '#infra/acknowledgments.ts';

/** Holds every stack against the rule packs while it is synthesized; the CloudFormation rules come with the flags of cdk.json. */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  acknowledge(app);
};
