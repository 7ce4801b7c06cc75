import { FIXED, type Frame, Placed } from '../text/frame.ts';
import type { AliasNode, MapEntry, MapNode, ScalarNode, ScalarValue, SeqNode, YamlNode } from './node.ts';

/** A node with what this layer knows beyond its face: where it lies in its frame, and the blocks inside it. */
export type TreeNode = MapTree | SeqTree | ScalarTree | AliasTree;

/** A scalar node. */
export class ScalarTree extends Placed implements ScalarNode {
  declare readonly kind: 'scalar';
  declare readonly value: ScalarValue;
  declare readonly source: string;
  declare readonly style: ScalarNode['style'];

  constructor(range: Range, value: ScalarValue, source: string, style: ScalarNode['style']) {
    super(FIXED, range.start, range.end);
    this.kind = 'scalar';
    this.value = value;
    this.source = source;
    this.style = style;
  }
}

/** An alias. */
export class AliasTree extends Placed implements AliasNode {
  declare readonly kind: 'alias';
  declare readonly name: string;
  declare readonly target: AliasNode['target'];

  constructor(range: Range, name: string, target: AliasNode['target']) {
    super(FIXED, range.start, range.end);
    this.kind = 'alias';
    this.name = name;
    this.target = target;
  }
}

/** A map. */
export class MapTree extends Placed implements MapNode {
  declare readonly kind: 'map';
  declare readonly flow: boolean;
  declare readonly entries: readonly MapEntry[];
  declare readonly irregular?: true;
  /** The frames of its entries, where they are blocks of their own. The first may have none. */
  declare blocks: readonly (Frame | undefined)[] | undefined;

  constructor(range: Range, flow: boolean, entries: readonly MapEntry[], irregular: boolean) {
    super(FIXED, range.start, range.end);
    this.kind = 'map';
    this.flow = flow;
    this.entries = entries;
    if (irregular) this.irregular = true;
    this.blocks = undefined;
  }
}

/** A sequence. */
export class SeqTree extends Placed implements SeqNode {
  declare readonly kind: 'seq';
  declare readonly flow: boolean;
  declare readonly items: readonly YamlNode[];
  /** The frames of its items, where they are blocks of their own. The first may have none. */
  declare blocks: readonly (Frame | undefined)[] | undefined;

  constructor(range: Range, flow: boolean, items: readonly YamlNode[]) {
    super(FIXED, range.start, range.end);
    this.kind = 'seq';
    this.flow = flow;
    this.items = items;
    this.blocks = undefined;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}
