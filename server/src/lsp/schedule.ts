import type { Steps } from '../analysis.ts';
import type { Runtime, Timer } from './runtime.ts';

/** How long work goes on before messages are let in, in milliseconds. */
const SLICE = 5;

type Clock = Pick<Runtime, 'timers' | 'now'>;

/** Work that tells at its end when it had nothing to do: how long that took says nothing of the next time. */
export type Work = Steps<'idle' | undefined>;

/** Runs one piece of long work in slices. Starting another one drops what has not ended. */
export class Slices {
  readonly #clock: Clock;
  readonly #onFault: (fault: unknown) => void;
  #timer: Timer | undefined;
  #isActive = false;
  #spent = 0;
  #cost = 0;

  constructor(clock: Clock, onFault: (fault: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Work is going on, or begins at once. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Milliseconds that the last work which had something to do and came to its end has taken, without the pauses between its slices. */
  get cost(): number {
    return this.#cost;
  }

  /** @param delay milliseconds to wait before the work begins */
  start(delay: number, begin: () => Work): void {
    this.stop();
    const first = (): void => {
      this.#spent = 0;
      this.#slice(begin());
    };
    const { timers } = this.#clock;
    this.#isActive = delay === 0;
    this.#timer = delay > 0 ? timers.after(delay, first) : timers.soon(first);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isActive = false;
  }

  #slice(work: Work): void {
    this.#timer = undefined;
    this.#isActive = true;
    const start = this.#clock.now();
    try {
      const step = runSlice(work, this.#clock);
      this.#spent += this.#clock.now() - start;
      if (step.done === true) {
        this.#isActive = false;
        if (step.value !== 'idle') this.#cost = this.#spent;
      } else this.#timer = this.#clock.timers.soon(() => this.#slice(work));
    } catch (fault) {
      this.#isActive = false;
      this.#onFault(fault);
    }
  }
}

/** Runs the work of a request in slices; `undefined` when it has become stale before its end. */
export async function inSlices<T>(work: Steps<T>, clock: Clock, isStale: () => boolean): Promise<T | undefined> {
  for (;;) {
    const step = runSlice(work, clock);
    if (step.done === true) return step.value;
    await new Promise<void>(resume => clock.timers.soon(resume));
    if (isStale()) return undefined;
  }
}

function runSlice<T>(work: Steps<T>, { now }: Clock): IteratorResult<undefined, T> {
  const end = now() + SLICE;
  let step = work.next();
  while (step.done !== true && now() < end) step = work.next();
  return step;
}
