/** YAML grammars with and without our injections, tokenized as VS Code does it. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

export const ROOT = path.join(import.meta.dirname, '../..');

/** Files of the injections by scope name. */
export const INJECTIONS: ReadonlyMap<string, string> = new Map([
  ['istio-yaml.injection', 'syntaxes/istio-yaml.injection.json'],
  ['istio-yaml.flow.injection', 'syntaxes/istio-yaml-flow.injection.json'],
  ['istio-yaml.quoted.injection', 'syntaxes/istio-yaml-quoted.injection.json'],
]);

/** A piece of a line; offsets in UTF-16 units of the line. */
export interface Token {
  readonly start: number;
  readonly end: number;
  /** Outermost first. */
  readonly scopes: readonly string[];
}

export interface Base {
  readonly name: string;
  /** The grammar of VS Code 1.93 and older, whose rule for plain scalars swallows their first character. */
  readonly legacy: boolean;
  /** Files by scope name; the one of `source.yaml` is the main one. */
  readonly files: ReadonlyMap<string, string>;
}

/** The tests' own base grammar, and those of each VS Code that is installed below the repository. */
export function bases(): readonly Base[] {
  const own = {
    name: 'own base grammar',
    legacy: false,
    files: new Map([['source.yaml', path.join(ROOT, 'test/syntaxes/base-yaml.json')]]),
  };
  const folders = ['.vscode-host', '.vscode-test'].flatMap(folder => yamlSyntaxes(path.join(ROOT, folder), 8));
  const installed = folders.map(folder => {
    const files = grammarFiles(folder);
    return { name: path.relative(ROOT, folder), legacy: !files.has('source.yaml.1.2'), files };
  });
  return [own, ...installed];
}

/** @returns the tokens of each line of a text */
export type Tokenize = (text: string) => readonly (readonly Token[])[];

/** @param injected scope names of injections into `source.yaml` */
export async function tokenizer(base: Base, injected: readonly string[]): Promise<Tokenize> {
  const registry = new textmate.Registry({
    onigLib: onigLib(),
    loadGrammar: scope => {
      const own = INJECTIONS.get(scope);
      const file = own === undefined ? base.files.get(scope) : path.join(ROOT, own);
      return Promise.resolve(
        file === undefined ? undefined : textmate.parseRawGrammar(readFileSync(file, 'utf8'), file),
      );
    },
    getInjections: scope => (scope === 'source.yaml' ? [...injected] : undefined),
  });
  const grammar = await registry.loadGrammar('source.yaml');
  if (grammar === null) throw new Error(`${base.name} has no source.yaml`);
  return text => {
    let state = textmate.INITIAL;
    return text.split('\n').map(line => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens.map(token => ({
        start: token.startIndex,
        end: Math.min(token.endIndex, line.length),
        scopes: token.scopes,
      }));
    });
  };
}

let library: Promise<textmate.IOnigLib> | undefined;

function onigLib(): Promise<textmate.IOnigLib> {
  library ??= (async () => {
    await oniguruma.loadWASM(
      readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')),
    );
    return {
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    };
  })();
  return library;
}

/** Folders `extensions/yaml/syntaxes` below a folder; of the packages in `node_modules` only VS Code's are entered. */
function yamlSyntaxes(folder: string, depth: number): string[] {
  const here = path.join(folder, 'extensions/yaml/syntaxes');
  if (existsSync(here)) return [here];
  if (depth === 0 || !existsSync(folder)) return [];
  const inModules = path.basename(folder) === 'node_modules';
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && (!inModules || /^(code-server|vscode-)/.test(entry.name)))
    .flatMap(entry => yamlSyntaxes(path.join(folder, entry.name), depth - 1));
}

function grammarFiles(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter(name => name.endsWith('.tmLanguage.json'));
  return new Map(
    files.map(name => {
      const file = path.join(folder, name);
      return [(JSON.parse(readFileSync(file, 'utf8')) as { scopeName: string }).scopeName, file];
    }),
  );
}
