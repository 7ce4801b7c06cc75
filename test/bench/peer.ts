/** The server that others use: `yaml-language-server`, with schemas of Istio's kinds. Fetched at its first use. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { jsonSchemas } from '../../schemas/json-schema.ts';
import type { Documentation } from '../../server/src/schema/documentation.ts';
import type { Facts } from '../../server/src/schema/facts.ts';
import type { Mistake } from './generator/writer.ts';

/** A language server that the bench plays with. */
export interface Server {
  readonly name: string;
  readonly command: readonly string[];
  /** Answers to `workspace/configuration`, by section. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** It tells with `$/progress` when it has read the folder. */
  readonly readsFolder: boolean;
  /** Whether it can know of a mistake at all. */
  knows(mistake: Mistake): boolean;
}

export function ourServer(file: string): Server {
  return {
    name: 'this server',
    command: [process.execPath, file, '--stdio'],
    settings: {},
    readsFolder: true,
    knows: () => true,
  };
}

const PACKAGE = 'yaml-language-server';
/** What a schema tells. */
const OF_SCHEMA: readonly Mistake['code'][] = ['unknown-field', 'wrong-type', 'unknown-value'];

/**
 * The peer, set up as its users do for files of several kinds: one schema that chooses by `kind` and `apiVersion`. Its
 * own wait of 200 ms before it judges an edit is part of what its users see; the CPU that it uses is measured beside it.
 *
 * @param data where the build has put facts and documentation
 * @param folder where it is installed and its schema is written; ignored by git
 * @returns why there is none, where it cannot be fetched
 */
export function peerServer(data: string, folder: string): Server | string {
  const program = path.join(folder, 'node_modules', PACKAGE, 'bin', PACKAGE);
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(program)) {
      writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `${PACKAGE}@2`], { cwd: folder });
    }
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
  const schema = path.join(folder, 'istio.json');
  writeFileSync(schema, JSON.stringify(combinedSchema(readJson(data, 'facts'), readJson(data, 'documentation'))));
  const { version } = JSON.parse(readFileSync(path.join(path.dirname(program), '../package.json'), 'utf8')) as {
    version: string;
  };
  return {
    name: `${PACKAGE} ${version}`,
    command: [process.execPath, program, '--stdio'],
    settings: {
      yaml: {
        validate: true,
        hover: true,
        completion: true,
        schemaStore: { enable: false },
        kubernetesCRDStore: { enable: false },
        maxItemsComputed: 5000,
        schemas: { [pathToFileURL(schema).href]: ['*.yaml'] },
      },
      http: { proxy: '', proxyStrictSSL: false },
      '[yaml]': { 'editor.tabSize': 2 },
      editor: { tabSize: 2, detectIndentation: false },
    },
    readsFolder: false,
    knows: ({ code }) => OF_SCHEMA.includes(code),
  };
}

function readJson<T>(folder: string, name: string): T {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as T;
}

/** One JSON schema for all kinds and versions, chosen by `if` and `then`, with our words as descriptions. */
export function combinedSchema(facts: Facts, documentation: Documentation): object {
  const definitions = jsonSchemas(facts).map(schema => {
    const { $id, ...rest } = schema as { $id: string };
    return [$id, described(rewritten(rest), documentation[$id])] as const;
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
    allOf: facts.kinds.flatMap(({ group, versions, kind, type }) =>
      versions.map(version => ({
        if: {
          required: ['kind', 'apiVersion'],
          properties: { kind: { const: kind }, apiVersion: { const: `${group}/${version.name}` } },
        },
        // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's own word
        then: { $ref: `#/definitions/${type}` },
      })),
    ),
    definitions: Object.fromEntries(definitions),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** References to types become references into one file, and `nullable` a type of its own. */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Json;
  const result: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).map(([key, inner]) => [
      key,
      key === '$ref' ? `#/definitions/${String(inner)}` : rewritten(inner),
    ]),
  );
  if (nullable === true && typeof result['type'] === 'string') result['type'] = [result['type'], 'null'];
  // Beside a reference draft 7 reads nothing.
  if ('$ref' in result) return { $ref: result['$ref'] };
  return result;
}

function described(schema: unknown, type: Documentation[string] | undefined): unknown {
  const { properties, ...rest } = schema as { properties?: Readonly<Record<string, Json>> };
  if (properties === undefined) return schema;
  const withText = Object.entries(properties).map(([name, field]) => {
    const description = type?.fields[name]?.text;
    if (description === undefined) return [name, field] as const;
    return [name, '$ref' in field ? { allOf: [field], description } : { ...field, description }] as const;
  });
  return { ...rest, properties: Object.fromEntries(withText) };
}
