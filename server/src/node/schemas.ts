import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Documentation, EnvoyFacts, EnvoyWords, Facts, Schemas, Validator } from '../analysis.ts';

/** The files of a folder of built schema data that decide what is found in a manifest. */
export function schemaFiles(folder: string): readonly string[] {
  return ['facts.json', 'envoy.json', 'envoy-words.json', 'validators.js'].map(name => path.join(folder, name));
}

/** Loads the built schema data from a folder. Validators and documentation are read at their first use. */
export function loadSchemas(folder: string): Schemas {
  const json = <T>(name: string): T => bare(JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T);
  let validators: Readonly<Record<string, Validator>> | undefined;
  let documentation: Documentation | undefined;
  let envoy: EnvoyFacts | undefined;
  let words: EnvoyWords | undefined;
  return {
    facts: json<Facts>('facts.json'),
    documentation() {
      documentation ??= json<Documentation>('documentation.json');
      return documentation;
    },
    envoy() {
      envoy ??= json<EnvoyFacts>('envoy.json');
      return envoy;
    },
    envoyWords() {
      words ??= json<EnvoyWords>('envoy-words.json');
      return words;
    },
    validator(type) {
      validators ??= createRequire(path.join(folder, 'validators.js'))('./validators.js') as Readonly<
        Record<string, Validator>
      >;
      return validators[type];
    },
  };
}

/** Objects know nothing but what was read: a user's key `constructor` must not find the one of every object. */
function bare<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) bare(part);
  return Array.isArray(value) ? value : Object.setPrototypeOf(value, null);
}
