import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { factOpener, factSettings } from '#shared/lambda/facts.ts';
import type { Opener } from '#shared/lambda/opener.ts';
import { openSealer } from '#shared/lambda/tables.ts';
import { once } from '#shared/runtime/once.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const laterFacts: Opener<'laterFacts'> = (base) => {
  const settings = readSettings(factSettings);
  const facts = once(factOpener(base, settings));
  const submit: SubmitFacts = async (...given) => (await facts()).submit(...given);
  return () => ({ sealer: openSealer(settings, base.clock), submit });
};
