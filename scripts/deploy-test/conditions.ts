import type { StackTemplate } from './assembly.ts';

/**
 * What the emulator judges of a right otherwise than AWS does: a key of a condition that it takes for absent, or an act whose
 * resource it takes for another. In the copy such conditions are left out and such acts are for every resource; a denial that
 * stands on such a condition goes.
 */
export interface Misjudged {
  readonly key?: RegExp;
  readonly act?: RegExp;
}

export const misjudged: readonly Misjudged[] = [
  { key: /^kms:EncryptionContext:/ },
  { key: /^events:source$/ },
  { act: /^iot:(Attach|Detach)Policy$/ },
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isUnknownKey = (key: string): boolean => misjudged.some((one) => one.key?.test(key) === true);
const isMisjudgedAct = (act: unknown): boolean => misjudged.some((one) => one.act?.test(String(act)) === true);

/** A condition without the keys that the emulator does not know; undefined where nothing is left. */
const knownPart = (condition: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined => {
  const kept = Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isRecord(keys)) return [[operator, keys]];
    const known = Object.entries(keys).filter(([key]) => !isUnknownKey(key));
    return known.length === 0 ? [] : [[operator, Object.fromEntries(known)]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

/** The statements that stand in for one. */
const loosened = (statement: unknown): readonly unknown[] => {
  if (!isRecord(statement)) return [statement];
  const { Condition, ...rest } = statement;
  const known = isRecord(Condition) ? knownPart(Condition) : undefined;
  const cut = JSON.stringify(known) !== JSON.stringify(Condition);
  if (cut && rest.Effect === 'Deny') return [];
  const conditioned = known === undefined ? rest : { ...rest, Condition: known };
  const acts = [statement.Action].flat();
  const wide = acts.filter(isMisjudgedAct);
  if (wide.length === 0 || !('Resource' in rest)) return [conditioned];
  const narrow = acts.filter((act) => !isMisjudgedAct(act));
  const wider = { ...conditioned, Action: wide, Resource: '*' };
  return narrow.length === 0 ? [wider] : [{ ...conditioned, Action: narrow }, wider];
};

const loosen = (document: unknown): void => {
  if (!isRecord(document)) return;
  document.Statement = [document.Statement].flat().flatMap(loosened);
};

/** Loosens the rights of roles and the policies of buses in the templates, in place. */
export const loosenRights = (templates: readonly StackTemplate[]): void => {
  for (const { template } of templates) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::IAM::Policy') loosen(Properties?.PolicyDocument);
      if (Type === 'AWS::Events::EventBus') loosen(Properties?.Policy);
    }
  }
};
