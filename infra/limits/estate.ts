import { at, membersOf, type Template } from '#infra/template.ts';

/** The stack that stays; the others can go and come again. */
export const keepingStack = 'Stateful';

/** A template where it is deployed. */
export interface StackAt {
  readonly stage: string;
  /** Construct id: `Stateful`, `Ingest`, … */
  readonly id: string;
  /** Name in CloudFormation, e.g. `rotunda-prod-stateful`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
}

/** A resource of one of the templates. */
export interface Found {
  readonly stack: StackAt;
  readonly id: string;
  readonly type: string;
  readonly properties: unknown;
  /** `Delete` where the template says nothing. */
  readonly deletion: string;
}

const resourcesIn = (stack: StackAt): readonly Found[] =>
  Object.entries(stack.template.Resources).map(([id, resource]) => ({
    stack,
    id,
    type: resource.Type,
    properties: resource.Properties,
    deletion: String(resource.DeletionPolicy ?? 'Delete'),
  }));

/** Everything that is deployed: the stacks of all stages, wherever each lies. */
export class Estate {
  readonly stacks: readonly StackAt[];
  readonly resources: readonly Found[];
  readonly #byId: ReadonlyMap<StackAt, ReadonlyMap<string, Found>>;

  constructor(stacks: readonly StackAt[]) {
    this.stacks = stacks;
    const found = stacks.map((stack) => [stack, resourcesIn(stack)] as const);
    this.resources = found.flatMap(([, resources]) => resources);
    this.#byId = new Map(found.map(([stack, resources]) => [stack, new Map(resources.map((one) => [one.id, one]))]));
  }

  ofType(...types: readonly string[]): readonly Found[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** Resource of a stack by its logical id. */
  resource(stack: StackAt, id: string): Found | undefined {
    return this.#byId.get(stack)?.get(id);
  }

  /** What another stack of the same place offers: by the name of an export, or of its stack and output. */
  output(from: StackAt, wanted: { readonly export: string } | { readonly stack: string; readonly output: string }) {
    const near = this.stacks.filter(({ account, region }) => account === from.account && region === from.region);
    return near
      .flatMap((stack) => membersOf(stack.template.Outputs).map(([name, said]) => ({ stack, name, said })))
      .find(({ stack, name, said }) =>
        'export' in wanted
          ? at(said, 'Export', 'Name') === wanted.export
          : stack.name === wanted.stack && name === wanted.output,
      );
  }
}

/** Account and region, which several stages may share: what AWS counts there it counts over all of them. */
export const placeOf = ({ stack }: Found): string => `${stack.account}/${stack.region}`;

/** What was found, by what `keyOf` says of each. */
export const grouped = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};
