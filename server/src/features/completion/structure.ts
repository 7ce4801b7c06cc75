import type { Facts, FieldFact, Shape } from '../../schema/facts.ts';
import type { Layout } from './layout.ts';

/** How a field is written with what belongs into it. */
export interface Structure {
  /** Lines in snippet syntax; those after the first are relative to the column of the key. */
  readonly lines: readonly string[];
  /** The field in which the first stop stands; `undefined` where keys are to follow. */
  readonly first: FieldFact | undefined;
}

/**
 * Fields that are brought along beside the required ones: without them the object does nothing, or Istio refuses it.
 */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  ObjectMeta: ['name'],
  VirtualServiceSpec: ['hosts'],
  TCPRoute: ['route'],
  TLSRoute: ['match', 'route'],
  HTTPRetry: ['attempts', 'perTryTimeout'],
  FaultDelay: ['percentage', 'fixedDelay'],
  FaultAbort: ['percentage', 'httpStatus'],
  Percent: ['value'],
  PortSelector: ['number'],
  Delegate: ['name'],
  RegexRewrite: ['match', 'rewrite'],
  HTTPMirrorPolicy: ['destination', 'percentage'],
  Subset: ['name', 'labels'],
  PortTrafficPolicy: ['port'],
  HTTP2KeepAlive: ['interval', 'timeout'],
  LocalityDistribute: ['from', 'to'],
  LocalityFailover: ['from', 'to'],
  ZoneAwareFailover: ['from', 'to'],
  ClientTLSSettings: ['mode'],
  GatewaySpec: ['selector', 'servers'],
  ServerTLSSettings: ['mode'],
  ServicePort: ['number', 'name', 'protocol'],
  SidecarPort: ['number', 'name', 'protocol'],
  OutboundTrafficPolicy: ['mode'],
  WorkloadSelector: ['matchLabels'],
  NetworkingWorkloadSelector: ['labels'],
  EnvoyConfigObjectPatch: ['applyTo', 'match', 'patch'],
  EnvoyConfigObjectMatch: ['context'],
  Patch: ['operation', 'value'],
  AuthorizationFrom: ['source'],
  AuthorizationTo: ['operation'],
  ExtensionProvider: ['name'],
  MutualTLS: ['mode'],
  JWTRule: ['issuer', 'jwksUri'],
  ProxyImage: ['imageType'],
  ProxyProtocol: ['version'],
};

/** Fields of a type that are written along with it, required ones first. */
export function broughtFields(facts: Facts, type: string): readonly string[] {
  const fact = facts.types[type];
  const wanted = [...(fact?.required ?? []), ...(BROUGHT[type] ?? [])];
  return [...new Set(wanted)].filter(name => fact?.fields[name] !== undefined);
}

/** @param name how the key is written, with its quotes if it has any */
export function blockField(facts: Facts, layout: Layout, name: string, field: FieldFact): Structure {
  const writer = new Writer(facts, layout);
  return { lines: writer.field(name, field, field), first: writer.first };
}

/** The same in brackets, on one line. A key in quotes, as JSON has it, brings keys in quotes along. */
export function flowField(facts: Facts, layout: Layout, name: string, field: FieldFact): Structure {
  const writer = new Writer(facts, layout, /^["']/.exec(name)?.[0] ?? '');
  return { lines: [`${name}: ${writer.flow(field, field)}`], first: writer.first };
}

/** Writes fields and numbers the stops. Types are finite: no type of Istio's requires itself. */
class Writer {
  first: FieldFact | undefined;
  #stops = 0;
  readonly #facts: Facts;
  readonly #layout: Layout;
  readonly #quote: string;

  constructor(facts: Facts, layout: Layout, quote = '') {
    this.#facts = facts;
    this.#layout = layout;
    this.#quote = quote;
  }

  field(name: string, shape: Shape, field: FieldFact): string[] {
    switch (shape.type) {
      case 'object':
      case 'map':
      case 'any': {
        const margin = ' '.repeat(this.#layout.step);
        return [`${name}:`, ...this.#content(shape, field).map(line => margin + line)];
      }
      case 'array': {
        const margin = ' '.repeat(this.#layout.dash);
        const [first = '', ...rest] = this.#content(shape.items, field);
        return [`${name}:`, `${margin}- ${first}`, ...rest.map(line => `${margin}  ${line}`)];
      }
      default:
        return [`${name}: ${this.#stop(field)}`];
    }
  }

  #content(shape: Shape, field: FieldFact): string[] {
    const fields = shape.type === 'object' ? this.#fieldsOf(shape.ref) : [];
    if (fields.length > 0) return fields.flatMap(([name, inner]) => this.field(name, inner, inner));
    return [this.#stop(isScalar(shape) ? field : undefined)];
  }

  flow(shape: Shape, field: FieldFact): string {
    switch (shape.type) {
      case 'object': {
        const fields = this.#fieldsOf(shape.ref).map(
          ([name, inner]) => `${this.#quote}${name}${this.#quote}: ${this.flow(inner, inner)}`,
        );
        return `{ ${fields.length > 0 ? fields.join(', ') : this.#stop(undefined)} }`;
      }
      case 'map':
      case 'any':
        return `{ ${this.#stop(undefined)} }`;
      case 'array':
        return `[${this.flow(shape.items, field)}]`;
      default:
        return this.#stop(field);
    }
  }

  #fieldsOf(type: string): readonly (readonly [string, FieldFact])[] {
    const fields = this.#facts.types[type]?.fields ?? {};
    return broughtFields(this.#facts, type).flatMap(name => {
      const field = fields[name];
      return field === undefined ? [] : [[name, field] as const];
    });
  }

  #stop(field: FieldFact | undefined): string {
    if (this.#stops === 0) this.first = field;
    this.#stops++;
    return `$${this.#stops}`;
  }
}

export function isScalar(shape: Shape): boolean {
  return shape.type !== 'object' && shape.type !== 'array' && shape.type !== 'map' && shape.type !== 'any';
}
