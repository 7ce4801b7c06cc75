import type { Documentation, FieldDoc } from './documentation.ts';
import type { EnvoyFacts } from './envoy-facts.ts';
import type { Schemas } from './schemas.ts';

/** Our own words on messages of Envoy and their fields; not all have some. */
export type EnvoyWords = Readonly<
  Record<string, { readonly text: string; readonly fields: Readonly<Record<string, string>> }>
>;

const views = new WeakMap<Schemas, Schemas>();

/**
 * Envoy's messages in the place of Istio's types, so that completion and hover treat both alike. Fields on which we
 * have no words of our own lead to Envoy's reference.
 */
export function envoySchemas(schemas: Schemas): Schemas {
  const known = views.get(schemas);
  if (known !== undefined) return known;
  const { source, types } = schemas.envoy();
  let documentation: Documentation | undefined;
  const view: Schemas = {
    facts: { source, kinds: [], types },
    documentation() {
      documentation ??= documentationOf(schemas.envoy(), schemas.envoyWords());
      return documentation;
    },
    envoy: () => schemas.envoy(),
    envoyWords: () => schemas.envoyWords(),
    validator: () => undefined,
  };
  views.set(schemas, view);
  return view;
}

function documentationOf(facts: EnvoyFacts, words: EnvoyWords): Documentation {
  const pages = new Map(
    Object.entries(facts.files).flatMap(([file, types]) => types.map(type => [type, file] as const)),
  );
  return Object.fromEntries(
    Object.entries(facts.types).map(([type, { fields }]) => {
      const own = words[type];
      const file = pages.get(type);
      const page = `${REFERENCE}${(file ?? '').replace(/^envoy\//, '')}`;
      const docs = Object.keys(fields).map((name): [string, FieldDoc] => [
        name,
        {
          text: own?.fields[name] ?? '',
          link: file === undefined ? '' : `${page}#${anchor('field', `${type}.${name}`)}`,
        },
      ]);
      return [
        type,
        {
          text: own?.text ?? '',
          link: file === undefined ? '' : `${page}#${anchor('msg', type)}`,
          fields: Object.fromEntries(docs),
        },
      ];
    }),
  );
}

const REFERENCE = 'https://www.envoyproxy.io/docs/envoy/latest/api-v3/';

/** How Envoy's reference calls the place of a message or a field. */
function anchor(kind: 'msg' | 'field', name: string): string {
  const path = name
    .replace(/^envoy\./, '')
    .replace(/[._]/g, '-')
    .toLowerCase();
  return `envoy-v3-api-${kind}-${path}`;
}
