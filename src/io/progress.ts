import type { Ora } from 'ora';

/** What the stages tell about how far they are. Any listener may ignore it. */
export interface Progress {
  /** `total` is 0 where it is not known; `label` is what is worked on now, e.g. `torch 2.1.0`. */
  update(stage: ProgressStage, done: number, total: number, label: string): void;
}

export type ProgressStage = 'reading' | 'resolving' | 'weighing' | 'scanning' | 'verifying';

/** A progress that is shown, and must be taken away before anything else is printed. */
export interface ShownProgress extends Progress {
  /** Takes the line away. Later updates show nothing. */
  stop(): void;
}

/** Shows nothing: for pipes, CI, `-q` and tests. */
export const silentProgress: ShownProgress = {
  update() {},
  stop() {},
};

/** The line waits this long, so that a warm run neither flickers nor pays 55 ms for loading ora. */
const DELAY_MS = 300;

const STAGE_WORDS: Readonly<Record<ProgressStage, string>> = {
  reading: 'Reading',
  resolving: 'Resolving',
  weighing: 'Weighing',
  scanning: 'Scanning',
  verifying: 'Verifying',
};

/** One line on stderr, rewritten in place: `⠹ Weighing 41/69  torch 2.1.0        2.1 s`. */
export function createProgress(
  stream: NodeJS.WriteStream,
  clean: (text: string) => string,
): ShownProgress {
  const started = performance.now();
  let line: readonly [string, string] = ['', ''];
  let spinner: Ora | null = null;
  let stopped = false;

  let clock: ReturnType<typeof setInterval> | null = null;
  const compose = (): string =>
    formatProgressLine(...line, performance.now() - started, stream.columns);
  const refresh = (): void => {
    if (spinner !== null) spinner.text = compose();
  };
  const timer = setTimeout(() => {
    void import('ora').then(({ default: ora }) => {
      // Leaving stdin alone keeps Ctrl-C in the hands of cli.ts.
      if (stopped) return;
      spinner = ora({ stream, discardStdin: false, text: compose() }).start();
      // The time goes on where nothing is done, as when the network is stuck.
      clock = setInterval(refresh, 100);
      clock.unref();
    });
  }, DELAY_MS);
  timer.unref();

  return {
    update(stage, done, total, label) {
      const count = total > 0 ? ` ${done}/${total}` : done > 0 ? ` ${done}` : '';
      line = [`${STAGE_WORDS[stage]}${count}`, clean(label)];
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (clock !== null) clearInterval(clock);
      spinner?.stop();
    },
  };
}

/** The text right of the spinner, at most 70 columns: what, on which, and for how long. */
export function formatProgressLine(
  what: string,
  label: string,
  elapsedMs: number,
  columns = 80,
): string {
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  // Three columns for the spinner and the margin; a line that wraps cannot be taken back.
  const width = Math.max(Math.min(columns - 3, 70) - time.length - 1, 0);
  return `${`${what}  ${label}`.slice(0, width).padEnd(width)} ${time}`;
}
