/**
 * EventBridge lets each character of a pattern be itself in lower or in upper case, whole mappings included (a pattern `ß` also takes
 * `SS`). So the two sides are not alike, and the length may differ; all ends that can be reached are carried along.
 */
const formsOf = (character: string): readonly string[] => {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  return lower === upper ? [lower] : [lower, upper];
};

type Direction = 'forward' | 'backward';

const reach = (text: string, forms: readonly (readonly string[])[], direction: Direction): ReadonlySet<number> => {
  let ends: ReadonlySet<number> = new Set([direction === 'forward' ? 0 : text.length]);
  for (const alternatives of direction === 'forward' ? forms : forms.toReversed()) {
    const next = new Set<number>();
    for (const form of alternatives)
      for (const end of ends) {
        const start = direction === 'forward' ? end : end - form.length;
        if (start >= 0 && text.startsWith(form, start)) next.add(direction === 'forward' ? end + form.length : start);
      }
    ends = next;
  }
  return ends;
};

/** Tests a whole text, its beginning or its end, whatever the case. */
export const ignoreCaseTest = (pattern: string, part: 'whole' | 'prefix' | 'suffix'): ((text: string) => boolean) => {
  const forms = [...pattern].map(formsOf);
  if (part === 'whole') return (text) => reach(text, forms, 'forward').has(text.length);
  return (text) => reach(text, forms, part === 'prefix' ? 'forward' : 'backward').size > 0;
};
