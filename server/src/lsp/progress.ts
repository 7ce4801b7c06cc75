import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';

/** Progress of background work, shown where the client can show it. Never waits for the client. */
export class Progress {
  #reporter: WorkDoneProgressServerReporter | undefined;
  #isOver = false;

  constructor(connection: Connection, title: string) {
    connection.window.createWorkDoneProgress().then(
      reporter => {
        reporter.begin(title, 0);
        if (this.#isOver) reporter.done();
        else this.#reporter = reporter;
      },
      () => undefined,
    );
  }

  report(done: number, all: number): void {
    this.#reporter?.report(Math.floor((100 * done) / all), `${done} of ${all} files`);
  }

  end(): void {
    this.#isOver = true;
    this.#reporter?.done();
  }
}
