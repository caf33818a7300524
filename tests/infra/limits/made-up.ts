import { Estate } from '#infra/limits/estate.ts';
import { limitFindings } from '#infra/limits/limits.ts';
import { Template } from '#infra/template.ts';

export const place = { account: '123456789012', region: 'eu-west-1' };

/** A made-up template of one stack. */
export interface MadeUp {
  readonly stage?: string;
  readonly stack?: string;
  readonly resources: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly region?: string;
}

export const estateOf = (...stacks: readonly MadeUp[]): Estate =>
  new Estate(
    stacks.map(({ stage = 'prod', stack = 'Events', resources, outputs, parameters, region = place.region }) => ({
      stage,
      id: stack,
      name: `rotunda-${stage}-${stack.toLowerCase()}`,
      account: place.account,
      region,
      template: Template.parse({ Resources: resources, Outputs: outputs, Parameters: parameters }),
    })),
  );

/** Figures found of one limit, with the place each stands at. */
export const found = (what: string, ...stacks: readonly MadeUp[]): readonly string[] =>
  limitFindings(estateOf(...stacks))
    .filter((finding) => finding.what === what)
    .map(({ stack, id, figure }) => `${stack} ${id}: ${figure}`);

/** So many things, each made of its number. */
export const many = <Item>(count: number, make: (number: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, number) => make(number));

/** So many resources of a kind. */
export const resources = (count: number, make: (number: number) => unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(many(count, (number) => [`Made${number}`, make(number)]));

export const text = (length: number): string => 'x'.repeat(length);
