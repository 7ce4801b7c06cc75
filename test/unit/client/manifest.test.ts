import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { INITIAL_SETTINGS, readSettings } from '../../../server/src/lsp/settings.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default: unknown; readonly markdownDescription: string }>
      >;
    };
  };
}

const root = path.join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { commands, menus, configuration } = manifest.contributes;

/** The text of all modules of the extension. */
function sources(): string {
  const folder = path.join(root, 'client/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  return files.map(file => readFileSync(path.join(folder, file), 'utf8')).join('\n');
}

/** The settings as a client sends them when nobody has changed any. */
function defaults(): object {
  const settings: Record<string, Record<string, unknown> | unknown> = {};
  for (const [name, property] of Object.entries(configuration.properties)) {
    const [group = '', key] = name.replace(/^istio\./, '').split('.');
    settings[group] =
      key === undefined ? property.default : { ...(settings[group] as object), [key]: property.default };
  }
  return settings;
}

describe('the manifest', () => {
  test('has the defaults that the server has', () => {
    const { settings, problems } = readSettings(defaults());
    expect(problems).toEqual([]);
    expect(settings).toEqual(INITIAL_SETTINGS);
  });

  test('describes every setting', () => {
    for (const [name, { markdownDescription }] of Object.entries(configuration.properties)) {
      expect(markdownDescription, name).toMatch(/^[A-Z].*\.$/s);
    }
  });

  test('names exactly the commands that the extension registers', () => {
    const registered = new Set(
      sources().match(/(?<=')istio\.(?:preview\.)?[a-z]+[A-Z][A-Za-z]+(?=')|(?<=')istio\.preview\.filter(?=')/g),
    );
    registered.delete('istio.activeEditorHasIstioContent');
    expect(commands.map(({ command }) => command).sort()).toEqual([...registered].sort());
  });

  test('puts only its own commands into menus', () => {
    const own = new Set(commands.map(({ command }) => command));
    expect(Object.values(menus).flatMap(items => items.filter(({ command }) => !own.has(command)))).toEqual([]);
  });
});
