import type { Facts, Shape, TypeFact } from '../server/src/schema/facts.ts';

/** JSON Schemas of all types, each with its type name as `$id`. They are compiled by ajv when the project is built. */
export function jsonSchemas(facts: Facts): object[] {
  return Object.entries(facts.types).map(([name, type]) => ({ $id: name, ...objectSchema(type) }));
}

function objectSchema(type: TypeFact): object {
  const exclusive = (type.oneOf ?? []).map(group => ({
    not: { anyOf: pairs(group).map(pair => ({ required: pair })) },
  }));
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, schemaOf(field)])),
    additionalProperties: false,
    ...(type.required === undefined ? {} : { required: type.required }),
    ...(exclusive.length === 0 ? {} : { allOf: exclusive }),
  };
}

const INT32 = 2 ** 31;

function schemaOf(shape: Shape): object {
  const schema = strictSchema(shape);
  return shape.nullable === true ? { ...schema, nullable: true } : schema;
}

function strictSchema(shape: Shape): object {
  switch (shape.type) {
    case 'string': {
      const { enum: choices, pattern, minLength, maxLength } = shape;
      return { type: 'string', ...defined({ enum: choices, pattern, minLength, maxLength }) };
    }
    case 'integer': {
      const int32 = shape.format === 'int32';
      const minimum = shape.minimum ?? (int32 ? -INT32 : undefined);
      const maximum = shape.maximum ?? (int32 ? INT32 - 1 : undefined);
      return { type: 'integer', ...defined({ minimum, maximum }) };
    }
    case 'number':
      return { type: 'number', ...defined({ minimum: shape.minimum, maximum: shape.maximum }) };
    case 'boolean':
      return { type: 'boolean' };
    case 'object':
      return { type: 'object', $ref: shape.ref };
    case 'array':
      return {
        type: 'array',
        items: schemaOf(shape.items),
        ...defined({ minItems: shape.minItems, maxItems: shape.maxItems }),
      };
    case 'map':
      return {
        type: 'object',
        additionalProperties: schemaOf(shape.values),
        ...defined({ minProperties: shape.minProperties, maxProperties: shape.maxProperties }),
      };
    case 'intOrString':
      return { type: ['integer', 'string'] };
    case 'any':
      return {};
  }
}

function pairs(group: readonly string[]): [string, string][] {
  return group.flatMap((a, i) => group.slice(i + 1).map((b): [string, string] => [a, b]));
}

function defined<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
