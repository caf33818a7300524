// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { publish as relayPublish } from '#functions/relay/capability.ts';
import { outbound } from '#shared/lambda/bodies/outbound.ts';
import { readerRoot } from '#shared/lambda/root.ts';

export const handler = readerRoot('relay', { outbound }, [relayPublish]);
