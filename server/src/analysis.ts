/**
 * Everything the product can do, on one page. The editor's server, the command line and the tests use the core through
 * this file alone. Places in and out are offsets (UTF-16, 0-based); results are plain data.
 */

import { admits } from './rules/run.ts';
import type { Schemas } from './schema/schemas.ts';
import type { FileId } from './text/range.ts';
import { AnalysisHost } from './workspace/host.ts';
import type { Snapshot } from './workspace/snapshot.ts';

export { mayHoldResources, mentionsResources, type ResourceType } from './model/decode.ts';
export { mayHoldMeshConfig } from './model/mesh-config.ts';
export { RULES } from './rules/all.ts';
export type { Finding, Fix, Note, Rule, Severity } from './rules/rule.ts';
export { drain, fileFindings, type RuleFinding, type RuleOptions, type Steps } from './rules/run.ts';
export { restoreFindings, saveFindings } from './rules/saved.ts';
export type { Documentation } from './schema/documentation.ts';
export type { EnvoyFacts } from './schema/envoy-facts.ts';
export type { EnvoyWords } from './schema/envoy-view.ts';
export type { Facts } from './schema/facts.ts';
export type { Schemas, Validator } from './schema/schemas.ts';
export type { TextEdit } from './text/edit.ts';
export { applyEdits } from './text/edit.ts';
export { LineIndex, type Position } from './text/line-index.ts';
export type { Anchor, FileId, FileRange, Span, TextRange } from './text/range.ts';
export type { SourceFile } from './workspace/file.ts';
export type { AnalysisHost, Change, FileText } from './workspace/host.ts';
export { DEFAULT_SETTINGS, type WorkspaceSettings } from './workspace/settings.ts';
export type { Snapshot } from './workspace/snapshot.ts';

/**
 * A workspace to which changes are applied and from which snapshots are taken. Places are those of the last snapshot:
 * what is kept of an earlier one has the same values, and moves with the text.
 *
 * @param minBlocks lists and maps with more text than this are read anew item by item, in UTF-16 units
 */
export function createHost(schemas: Schemas, minBlocks?: number): AnalysisHost {
  return new AnalysisHost(schemas, resource => admits(resource, schemas), minBlocks);
}

/**
 * The workspace of a snapshot with other texts in some of its files.
 *
 * @param texts `undefined` for a file that is not there
 */
export function withTexts(snapshot: Snapshot, texts: ReadonlyMap<FileId, string | undefined>): Snapshot {
  const host = createHost(snapshot.schemas);
  const read = [...snapshot.files].filter(([, { omitted }]) => omitted === undefined);
  host.apply({
    settings: snapshot.settings,
    files: new Map([...read.map(([id, { text }]): [FileId, string] => [id, text]), ...texts]),
  });
  return host.snapshot();
}

export { completion } from './features/completion/completion.ts';
export { definition } from './features/definition.ts';
export { documentSymbols } from './features/document-symbols.ts';
export { viewpointConfiguration } from './features/envoy-configuration.ts';
export { explainRequest } from './features/explain/explain.ts';
export { explanationJson } from './features/explain/json.ts';
export { parseHeader, splitRequestLine } from './features/explain/request.ts';
export { explanationText } from './features/explain/text.ts';
export { foldingRanges } from './features/folding.ts';
export { hover } from './features/hover.ts';
export { references } from './features/references.ts';
export { type RouteDiff, routeDiff } from './features/route-diff.ts';
export { routeDiffJson, routeDiffMarkdown, routeDiffText } from './features/route-diff-text.ts';
export { routesJson } from './features/route-json.ts';
export { routeModel, type ToPlace } from './features/route-model.ts';
export { generateRouteTests } from './features/route-tests/generate.ts';
export { readTestFile } from './features/route-tests/read.ts';
export { exportRouterCheck, importRouterCheck } from './features/route-tests/router-check.ts';
export { routeTestViews, runRouteTests } from './features/route-tests/run.ts';
export { routesMarkdown, routesTable } from './features/route-text.ts';
export { type RouteSelection, selectedProxies, selectedViews } from './features/routes.ts';
export type { CompletionItem, DefinitionResult, FoldingRange, Hover, SymbolNode, Target } from './features/types.ts';
export { isRouteTestFile } from './model/route-test/fields.ts';
