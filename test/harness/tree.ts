import type { Anchor } from '../../server/src/text/range.ts';
import type { YamlDocument, YamlFile } from '../../server/src/yaml/document.ts';
import type { YamlNode } from '../../server/src/yaml/node.ts';

/** A file as plain data in which every place counts from the start of its document: equal for equal readings. */
export function plainFile({ text, documents }: YamlFile): unknown {
  return {
    text,
    documents: documents.map(({ document, offset }) => ({ offset, ...plainDocument(document) })),
  };
}

function plainDocument({ text, root, problems }: YamlDocument): object {
  return { text, problems, root: root === undefined ? undefined : plainNode(root) };
}

/** A node as plain data. */
export function plainNode(node: YamlNode): unknown {
  const { kind, start, end } = node;
  switch (node.kind) {
    case 'scalar':
      return [kind, start, end, node.value, node.source, node.style];
    case 'alias':
      return [kind, start, end, node.name, node.target?.start, node.target?.kind];
    case 'seq':
      return [kind, start, end, node.flow, node.items.map(plainNode)];
    case 'map':
      return [
        kind,
        start,
        end,
        node.flow,
        node.irregular,
        node.entries.map(({ key, value }) => [plainNode(key), plainNode(value)]),
      ];
  }
}

/** All nodes of a tree, keys included. */
export function* nodesOf(node: YamlNode): Generator<YamlNode> {
  yield node;
  if (node.kind === 'seq') for (const item of node.items) yield* nodesOf(item);
  if (node.kind === 'map') for (const { key, value } of node.entries) yield* [...nodesOf(key), ...nodesOf(value)];
}

export const ANCHOR: Anchor = { file: 'file' };
