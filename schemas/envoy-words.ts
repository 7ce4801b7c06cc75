/** Reads `envoy-documentation.yaml`, our own words on messages of Envoy. */

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EnvoyFacts } from '../server/src/schema/envoy-facts.ts';
import type { EnvoyWords } from '../server/src/schema/envoy-view.ts';

/** @returns the words by message; throws on words for something that there is not */
export function readEnvoyWords(file: string, facts: EnvoyFacts): EnvoyWords {
  const written = parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  const faults: string[] = [];
  const words: Record<string, { text: string; fields: Record<string, string> }> = {};
  for (const [type, { $text: text = '', ...fields }] of Object.entries(written)) {
    const fact = facts.types[type];
    if (fact === undefined) faults.push(`${type}: no such message`);
    if (text === '') faults.push(`${type}: no $text`);
    for (const [name, words] of Object.entries(fields)) {
      if (fact !== undefined && fact.fields[name] === undefined) faults.push(`${type}.${name}: no such field`);
      if (typeof words !== 'string') faults.push(`${type}.${name}: no text (quote it)`);
    }
    words[type] = { text, fields };
  }
  if (faults.length > 0) throw new Error(`envoy-documentation.yaml: ${faults.join('; ')}`);
  return words;
}
