import { ANY } from '../server/src/schema/envoy-facts.ts';
import type { FieldFact, Shape, TypeFact } from '../server/src/schema/facts.ts';

/** What `envoy-descriptor.proto` gives of a `.proto` file. */
export interface DescriptorFile {
  readonly name?: string;
  readonly package?: string;
  readonly message_type?: readonly DescriptorMessage[];
  readonly enum_type?: readonly DescriptorEnum[];
}

interface DescriptorMessage {
  readonly name: string;
  readonly field?: readonly DescriptorField[];
  readonly nested_type?: readonly DescriptorMessage[];
  readonly enum_type?: readonly DescriptorEnum[];
  readonly options?: { readonly map_entry?: boolean };
  readonly oneof_decl?: readonly { readonly name: string; readonly options?: { readonly required?: boolean } }[];
}

interface DescriptorEnum {
  readonly name: string;
  readonly value?: readonly { readonly name: string }[];
}

interface DescriptorField {
  readonly name: string;
  readonly label: number;
  readonly type: number;
  readonly type_name?: string;
  readonly options?: { readonly deprecated?: boolean; readonly rules?: Rules };
  readonly oneof_index?: number;
  readonly proto3_optional?: boolean;
}

interface Bounds {
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
  readonly gte?: number;
}

interface Rules {
  readonly double?: Bounds;
  readonly int32?: Bounds;
  readonly int64?: Bounds;
  readonly uint32?: Bounds;
  readonly uint64?: Bounds;
  readonly string?: { readonly min_len?: number; readonly max_len?: number; readonly min_bytes?: number };
  readonly message?: { readonly required?: boolean };
  readonly repeated?: { readonly min_items?: number; readonly max_items?: number };
  readonly duration?: { readonly required?: boolean };
}

const REPEATED = 3;
const [DOUBLE, FLOAT, BOOL, STRING, MESSAGE, BYTES, ENUM] = [1, 2, 8, 9, 11, 12, 14];
const UNSIGNED: readonly number[] = [4, 6, 7, 13];

/** Messages whose JSON is not an object of their fields. */
const WELL_KNOWN: Readonly<Record<string, Shape>> = {
  'google.protobuf.Any': { type: 'object', ref: ANY },
  'google.protobuf.Duration': { type: 'string', format: 'duration' },
  'google.protobuf.Timestamp': { type: 'string' },
  'google.protobuf.FieldMask': { type: 'string' },
  'google.protobuf.BoolValue': { type: 'boolean' },
  'google.protobuf.StringValue': { type: 'string' },
  'google.protobuf.BytesValue': { type: 'string', format: 'bytes' },
  'google.protobuf.UInt32Value': { type: 'integer', minimum: 0 },
  'google.protobuf.UInt64Value': { type: 'integer', minimum: 0 },
  'google.protobuf.Int32Value': { type: 'integer' },
  'google.protobuf.Int64Value': { type: 'integer' },
  'google.protobuf.DoubleValue': { type: 'number' },
  'google.protobuf.FloatValue': { type: 'number' },
};

/** The messages of many `.proto` files. */
export class Messages {
  readonly #messages = new Map<string, DescriptorMessage>();
  readonly #enums = new Map<string, readonly string[]>();
  readonly #topLevel = new Map<string, string[]>();
  readonly #files = new Map<string, string>();
  readonly #leaveAlone: ReadonlySet<string>;

  /** @param leaveAlone messages whose content is free */
  constructor(files: readonly DescriptorFile[], leaveAlone: readonly string[]) {
    this.#leaveAlone = new Set(leaveAlone);
    for (const file of files) {
      const { package: name = '', message_type: messages = [] } = file;
      const known = this.#topLevel.get(name) ?? [];
      this.#topLevel.set(name, [...known, ...messages.map(message => `${name}.${message.name}`)]);
      this.#add(name, messages, file.enum_type ?? [], file.name ?? '');
    }
    for (const name of leaveAlone) {
      if (name.startsWith('envoy.') && !this.#messages.has(name)) throw new Error(`there is no message ${name}`);
    }
  }

  #add(scope: string, messages: readonly DescriptorMessage[], enums: readonly DescriptorEnum[], file: string): void {
    for (const { name, value = [] } of enums)
      this.#enums.set(
        `${scope}.${name}`,
        value.map(word => word.name),
      );
    for (const message of messages) {
      const name = `${scope}.${message.name}`;
      this.#messages.set(name, message);
      this.#files.set(name, file);
      this.#add(name, message.nested_type ?? [], message.enum_type ?? [], file);
    }
  }

  /** The full names of the messages of a package that stand in no other message. */
  topLevel(name: string): readonly string[] {
    const found = this.#topLevel.get(name);
    if (found === undefined) throw new Error(`there is no package ${name}`);
    return [...found].sort();
  }

  /** The facts of these messages and of all that they hold, by name in the order of the alphabet. */
  closure(roots: readonly string[]): Readonly<Record<string, TypeFact>> {
    const found = new Map<string, TypeFact>([[ANY, { fields: { '@type': { type: 'string' } } }]]);
    const open = [...roots];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      const message = this.#messages.get(name);
      if (message === undefined) throw new Error(`there is no message ${name}`);
      found.set(name, this.#typeOf(message, open));
    }
    return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The files of some messages, each with its messages in the order of the alphabet. */
  filesOf(names: readonly string[]): Readonly<Record<string, readonly string[]>> {
    const files = new Map<string, string[]>();
    for (const name of names) {
      const file = this.#files.get(name);
      if (file?.startsWith('envoy/') === true) files.set(file, [...(files.get(file) ?? []), name]);
    }
    return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #typeOf({ field = [], oneof_decl: oneofs = [] }: DescriptorMessage, open: string[]): TypeFact {
    const fields = Object.fromEntries(field.map(fact => [fact.name, this.#fieldOf(fact, open)]));
    const required = field.filter(({ options }) => isRequired(options?.rules)).map(({ name }) => name);
    const groups = oneofs
      .map((_, index) => field.filter(fact => fact.oneof_index === index && fact.proto3_optional !== true))
      .map(members => members.map(({ name }) => name))
      .filter(members => members.length > 1);
    return {
      fields,
      ...(required.length > 0 ? { required } : {}),
      ...(groups.length > 0 ? { oneOf: groups } : {}),
    };
  }

  #fieldOf(field: DescriptorField, open: string[]): FieldFact {
    const { options = {} } = field;
    const old = options.deprecated === true ? { deprecated: '' } : {};
    const entry = this.#messages.get((field.type_name ?? '').slice(1));
    if (entry?.options?.map_entry === true) {
      const value = entry.field?.find(({ name }) => name === 'value');
      return { type: 'map', values: value === undefined ? { type: 'any' } : this.#shapeOf(value, open), ...old };
    }
    const shape = this.#shapeOf(field, open);
    const meaning = shape.type === 'string' && shape.format === 'duration' ? { value: 'duration' as const } : {};
    if (field.label !== REPEATED) return { ...shape, ...meaning, ...old } as FieldFact;
    const { min_items: minItems, max_items: maxItems } = options.rules?.repeated ?? {};
    return {
      type: 'array',
      items: shape,
      ...(minItems === undefined ? {} : { minItems }),
      ...(maxItems === undefined ? {} : { maxItems }),
      ...old,
    };
  }

  #shapeOf({ type, type_name: typeName = '', label, options }: DescriptorField, open: string[]): Shape {
    const rules = label === REPEATED ? undefined : options?.rules;
    const name = typeName.slice(1);
    switch (type) {
      case STRING:
        return { type: 'string', ...lengths(rules) };
      case BYTES:
        return { type: 'string', format: 'bytes' };
      case BOOL:
        return { type: 'boolean' };
      case DOUBLE:
      case FLOAT:
        return { type: 'number', ...bounds(rules, false) };
      case ENUM:
        return { type: 'string', enum: this.#enums.get(name) ?? [] };
      case MESSAGE:
        return this.#messageShape(name, rules, open);
      default:
        return { type: 'integer', ...(UNSIGNED.includes(type) ? { minimum: 0 } : {}), ...bounds(rules, true) };
    }
  }

  #messageShape(name: string, rules: Rules | undefined, open: string[]): Shape {
    const known = WELL_KNOWN[name];
    if (known !== undefined) {
      if (known.type === 'integer' || known.type === 'number')
        return { ...known, ...bounds(rules, known.type === 'integer') };
      return known.type === 'string' && known.format === undefined ? { ...known, ...lengths(rules) } : known;
    }
    // Structs and messages of files that are not there are free content.
    if (!this.#messages.has(name) || this.#leaveAlone.has(name)) return { type: 'any' };
    open.push(name);
    return { type: 'object', ref: name };
  }
}

function isRequired(rules: Rules | undefined): boolean {
  return (
    rules?.message?.required === true ||
    rules?.duration?.required === true ||
    (rules?.string?.min_len ?? rules?.string?.min_bytes ?? 0) > 0 ||
    (rules?.repeated?.min_items ?? 0) > 0
  );
}

function bounds(
  rules: Rules | undefined,
  isInteger: boolean,
): { readonly minimum?: number; readonly maximum?: number } {
  const found = rules?.uint32 ?? rules?.int32 ?? rules?.uint64 ?? rules?.int64 ?? rules?.double;
  if (found === undefined) return {};
  const minimum = found.gte ?? (found.gt === undefined ? undefined : isInteger ? found.gt + 1 : found.gt);
  const maximum = found.lte ?? (found.lt === undefined ? undefined : isInteger ? found.lt - 1 : found.lt);
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

function lengths(rules: Rules | undefined): { readonly minLength?: number; readonly maxLength?: number } {
  const { min_len: minimum, min_bytes: minimumBytes, max_len: maxLength } = rules?.string ?? {};
  const minLength = minimum ?? minimumBytes;
  return { ...(minLength === undefined ? {} : { minLength }), ...(maxLength === undefined ? {} : { maxLength }) };
}
