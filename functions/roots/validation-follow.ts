// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { measure as usageMeasure } from '#functions/usage/capability.ts';
import { judge as validationJudge, publish as validationPublish } from '#functions/validation/capability.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { readerRoot } from '#shared/lambda/root.ts';

export const handler = readerRoot('validation-follow', { facts, tables }, [
  usageMeasure,
  validationJudge,
  validationPublish,
]);
