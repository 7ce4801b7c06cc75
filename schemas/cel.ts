/**
 * The rules in CEL of Istio's CRDs (`x-kubernetes-validations`). Nothing evaluates them: each is a check in the code, and
 * `cel.yaml` says which. Their texts are not kept, only what is needed to know one again.
 */

import { createHash } from 'node:crypto';

/** Places with the hashes of the rules that stand there: `Type`, `Type.field`, `Type.field[]`, `Type.field{}`. */
export type CelRules = Readonly<Record<string, readonly string[]>>;

/** What `cel.yaml` says of a rule, by its hash. */
export interface CelDecision {
  /** The id in `validation.yaml` of the check that stands for it. */
  readonly id: string;
  /** Where our check looks; `*`: wherever the rule stands. */
  readonly at: readonly string[] | '*';
}

export type CelList = Readonly<Record<string, CelDecision>>;

/** Knows a rule again, however its lines are broken. */
export function celHash(rule: string): string {
  return createHash('sha256').update(rule.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 16);
}

/**
 * What the CRDs ask for and nobody has decided about, and what is decided and not in the CRDs, one sentence each.
 *
 * @param texts the rules by their hashes, where they are known: they help who has to decide
 */
export function celGaps(found: CelRules, decided: CelList, texts: ReadonlyMap<string, string> = new Map()): string[] {
  const gaps: string[] = [];
  const used = new Set<string>();
  for (const [place, hashes] of Object.entries(found)) {
    for (const hash of hashes) {
      const text = texts.get(hash);
      const said = text === undefined ? hash : `${hash} (${text})`;
      const decision = decided[hash];
      if (decision === undefined) gaps.push(`${place}: the rule in CEL ${said} is not in schemas/cel.yaml`);
      else if (decision.at !== '*' && !decision.at.includes(place))
        gaps.push(`${place}: the rule in CEL ${said} is decided in schemas/cel.yaml, though not for this place`);
      used.add(`${hash} ${place}`).add(hash);
    }
  }
  for (const [hash, { at }] of Object.entries(decided)) {
    if (!used.has(hash)) gaps.push(`schemas/cel.yaml: the CRDs have no rule ${hash}`);
    else if (at !== '*')
      for (const place of at)
        if (!used.has(`${hash} ${place}`)) gaps.push(`schemas/cel.yaml: the CRDs have no rule ${hash} at ${place}`);
  }
  return gaps;
}
