/**
 * Makes `generated/envoy.json`, the facts of Envoy's messages that EnvoyFilters hold, out of the protobuf descriptors in
 * Envoy's Go bindings: `npm run schemas:envoy -- FOLDER`, with the unpacked Go module
 * `github.com/envoyproxy/go-control-plane/envoy` (`go mod download -json`) of the version that Istio builds with.
 *
 * Each of its `.pb.go` files holds the descriptor of one `.proto` file as a string. Names, types, enums, oneofs and the
 * bounds of protoc-gen-validate are carried over, and no description.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import protobuf from 'protobufjs';
import { parse } from 'yaml';
import type { EnvoyFacts } from '../server/src/schema/envoy-facts.ts';
import type { Shape } from '../server/src/schema/facts.ts';
import { type DescriptorFile, Messages } from './envoy-messages.ts';
import { descriptorsIn } from './go-descriptors.ts';

const here = path.join(process.cwd(), 'schemas');
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('npm run schemas:envoy -- FOLDER of the Go module github.com/envoyproxy/go-control-plane/envoy');
  process.exit(2);
}

interface Roots {
  readonly applyTo: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly wrappers: readonly string[];
  readonly leaveAlone: readonly string[];
}

const roots = parse(readFileSync(path.join(here, 'envoy-roots.yaml'), 'utf8')) as Roots;
const descriptor = protobuf
  .parse(readFileSync(path.join(here, 'envoy-descriptor.proto'), 'utf8'), { keepCase: true })
  .root.lookupType('FileDescriptorProto');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.pb.go'))
  .flatMap(file => descriptorsIn(readFileSync(path.join(folder, file), 'utf8')))
  .map(bytes => descriptor.toObject(descriptor.decode(bytes), { longs: Number }) as DescriptorFile);
const messages = new Messages(files, roots.leaveAlone);
const all = Object.values(roots.packages).flatMap(names => names.flatMap(name => messages.topLevel(name)));
const types = messages.closure([...Object.values(roots.applyTo), ...all]);
/** What another message holds as a part stands nowhere by itself. */
const parts = new Set(
  Object.entries(types).flatMap(([name, { fields }]) =>
    roots.wrappers.includes(name) ? [] : Object.values(fields).flatMap(field => refsOf(field)),
  ),
);
const extensions = Object.fromEntries(
  Object.entries(roots.packages).map(([place, names]) => [
    place,
    names.flatMap(name => messages.topLevel(name)).filter(type => !parts.has(type) && !roots.wrappers.includes(type)),
  ]),
);
const version = /@(v[\d.]+)/.exec(path.resolve(folder))?.[1] ?? 'of an unknown version';
const facts: EnvoyFacts = {
  source: `github.com/envoyproxy/go-control-plane/envoy ${version}`,
  applyTo: roots.applyTo,
  extensions,
  types,
  files: messages.filesOf(Object.keys(types)),
};
writeFileSync(path.join(here, 'generated/envoy.json'), text(facts));
console.log(`${Object.keys(types).length} messages, ${(text(facts).length / 1000).toFixed(0)} kB`);

function refsOf(shape: Shape): readonly string[] {
  if (shape.type === 'array') return refsOf(shape.items);
  if (shape.type === 'map') return refsOf(shape.values);
  return shape.type === 'object' ? [shape.ref] : [];
}

/** One line for each message, so that a new version of Envoy makes a diff that can be read. */
function text({ types: all, ...rest }: EnvoyFacts): string {
  const lines = Object.entries(all).map(([name, type]) => `  ${JSON.stringify(name)}: ${JSON.stringify(type)}`);
  const head = JSON.stringify(rest, undefined, 1).slice(0, -2);
  return `${head},\n "types": {\n${lines.join(',\n')}\n }\n}\n`;
}
