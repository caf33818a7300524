// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { settle as duplicatesSettle } from '#functions/duplicates/capability.ts';
import { follow as followFollow } from '#functions/follow/capability.ts';
import { areas as outagesAreas } from '#functions/outages/capability.ts';
import { erase as privacyErase } from '#functions/privacy/capability.ts';
import { waiting as readingsWaiting } from '#functions/readings/capability.ts';
import { supply as usageSupply } from '#functions/usage/capability.ts';
import { places as validationPlaces } from '#functions/validation/capability.ts';
import { day } from '#shared/lambda/bodies/day.ts';
import { erasing } from '#shared/lambda/bodies/erasing.ts';
import { facts } from '#shared/lambda/bodies/facts.ts';
import { importFiles } from '#shared/lambda/bodies/import-files.ts';
import { tables } from '#shared/lambda/bodies/tables.ts';
import { readerRoot } from '#shared/lambda/root.ts';

export const handler = readerRoot('profile-follow', { day, erasing, facts, importFiles, tables }, [
  followFollow,
  usageSupply,
  readingsWaiting,
  duplicatesSettle,
  outagesAreas,
  validationPlaces,
  privacyErase,
]);
