/** What client and server say to each other about route tests. */

export interface RouteTestsParams {
  readonly uri: string;
  /** The text of the file: that of the editor, where it is open. */
  readonly text: string;
}

export interface RunRouteTestsParams extends RouteTestsParams {
  /** Which tests, by their 0-based place in the file; all without it. */
  readonly tests?: readonly number[];
}

/** One test of a file. Lines are 1-based. */
export interface RouteTestView {
  /** 0-based place in the file. */
  readonly index: number;
  readonly name: string;
  readonly line: number;
  readonly endLine: number;
}

export interface RouteTestResult extends RouteTestView {
  /** `error`: it could not be run. */
  readonly status: 'passed' | 'failed' | 'error';
  readonly failures: readonly RouteTestFailure[];
  /** What comes of the request, in one sentence; empty where it could not be asked. */
  readonly outcome: string;
}

export interface RouteTestFailure {
  /** The line of what was expected. */
  readonly line: number;
  readonly message: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}
