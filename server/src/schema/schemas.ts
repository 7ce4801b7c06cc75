import type { Documentation } from './documentation.ts';
import type { EnvoyFacts } from './envoy-facts.ts';
import type { EnvoyWords } from './envoy-view.ts';
import type { Facts } from './facts.ts';

/** Everything known of Istio's kinds; passed in by the entry points, so that the core loads nothing. */
export interface Schemas {
  readonly facts: Facts;
  /** Read at the first use. */
  documentation(): Documentation;
  /** Facts of Envoy's messages, read at the first use. */
  envoy(): EnvoyFacts;
  /** Our own words on them, read at the first use. */
  envoyWords(): EnvoyWords;
  /** The compiled validator of a type, `undefined` for an unknown type. */
  validator(type: string): Validator | undefined;
}

/** What ajv's standalone functions look like. Not reentrant: read `errors` at once. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

export interface ValidatorError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
