import {
  explainRequest,
  explanationJson,
  explanationText,
  parseHeader,
  type Snapshot,
  splitRequestLine,
  type ToPlace,
} from '../analysis.ts';
import type { ExplainParams } from '../contract/explain.ts';
import type { ExplainCommand } from './arguments-request.ts';

/** Where texts go. */
export interface Output {
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * `istio-yaml explain`.
 *
 * @returns the exit code: 0 answered, 2 the question is no question
 */
export function explain(snapshot: Snapshot, toPlace: ToPlace, command: ExplainCommand, output: Output): number {
  const { gateway, sidecar, labels } = command;
  const headers = command.headers.map(parseHeader);
  const answer =
    headers.find(header => 'fault' in header) ??
    explainRequest(
      snapshot,
      {
        request: { ...splitRequestLine(command.request), headers: headers as ExplainParams['request']['headers'] },
        ...(gateway !== undefined && { gateway }),
        ...(sidecar !== undefined && { sidecar }),
        ...(labels !== undefined && { labels }),
      },
      toPlace,
    );
  if ('fault' in answer) {
    output.complain(`istio-yaml: ${answer.fault}\n`);
    return 2;
  }
  output.write(
    command.format === 'json' ? `${JSON.stringify(explanationJson(answer), null, 2)}\n` : explanationText(answer),
  );
  return 0;
}
