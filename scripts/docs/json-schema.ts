import * as z from 'zod';
import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import { IncomingFact } from '#shared/contracts/facts/envelope.ts';

/** A JSON Schema of draft 2020-12, as the zod schema makes it. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema of what may be sent: defaults are optional, transforms are seen from their input. */
export const inputSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' });

const withoutDialect = ({ $schema: _, ...schema }: JsonSchema): JsonSchema => schema;

/** Schema of a whole fact of one type as a system sends it: the envelope with the type fixed and its data in place. */
export const factSchema = (definition: FactDefinition): JsonSchema => {
  const { $schema, properties, ...envelope } = inputSchema(IncomingFact);
  return {
    ...($schema === undefined ? {} : { $schema }),
    $id: `https://rotunda.example/schemas/${definition.type}.json`,
    title: definition.title,
    description: definition.description,
    ...envelope,
    properties: {
      ...properties,
      type: { const: definition.type },
      data: withoutDialect(inputSchema(definition.data)),
    },
  };
};

/** Version of a fact type: the digits behind its last `.v`. */
export const versionOf = (type: string): number => Number(type.slice(type.lastIndexOf('.v') + 2));
