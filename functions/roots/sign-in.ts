// Made by `npm run docs` from functions/manifest.ts; changes here are lost.
import { token as signInToken } from '#functions/sign-in/capability.ts';
import { signsIn } from '#shared/lambda/bodies/signs-in.ts';
import { handlerRoot } from '#shared/lambda/root.ts';

export const handler = handlerRoot('sign-in', { signsIn }, signInToken);
