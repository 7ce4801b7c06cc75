/**
 * `npm run schemas -- PATH`: reads a file of Istio's CRDs and writes `schemas/generated/facts.json` and `cel.json`.
 * Ends with 1, and says why, while the overlay leaves a type unnamed or a field undecided, or `cel.yaml` a rule in CEL.
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { type CelList, celGaps } from './cel.ts';
import { type Crd, factsOf, type Overlay } from './crd.ts';

const root = process.cwd();
const input = process.argv[2];
if (input === undefined) {
  console.error('usage: npm run schemas -- PATH   (a file of CustomResourceDefinitions, such as crd-all.gen.yaml)');
  process.exit(2);
}
const text = readFileSync(input, 'utf8');
const crds = parseAllDocuments(text)
  .map(document => document.toJS() as Crd | null)
  .filter((document): document is Crd => document?.kind === 'CustomResourceDefinition');
const overlay = parse(readFileSync(path.join(root, 'schemas/overlay.yaml'), 'utf8')) as Overlay;
const source = `${path.basename(input)} sha256:${createHash('sha256').update(text).digest('hex')}`;
const { facts, gaps, cel, celTexts } = factsOf(crds, overlay, source);
gaps.push(...celGaps(cel, parse(readFileSync(path.join(root, 'schemas/cel.yaml'), 'utf8')) as CelList, celTexts));
for (const gap of gaps) console.error(gap);
if (gaps.length > 0) {
  console.error(`\n${gaps.length} gaps: decide them in schemas/overlay.yaml and schemas/cel.yaml`);
  process.exit(1);
}
writeFileSync(path.join(root, 'schemas/generated/cel.json'), `${JSON.stringify(cel, null, 1)}\n`);
const target = path.join(root, 'schemas/generated/facts.json');
writeFileSync(target, `${JSON.stringify(facts, null, 1)}\n`);
console.log(`${facts.kinds.length} kinds, ${Object.keys(facts.types).length} types → ${path.relative(root, target)}`);
