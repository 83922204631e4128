interface Task {
  label: string;
  begun: number;
}

/** Milliseconds: what ends before needs no word. */
const patience = 2_000;
/** Milliseconds between two lines where there is no terminal, as in the log of a CI run. */
const logInterval = 30_000;

const tasks: Task[] = [];
let timer: NodeJS.Timeout | undefined;
let isDrawn = false;
let isOff = false;
let lastLogged = 0;

/** No progress is shown: --quiet, or nobody reads. */
export function turnProgressOff(): void {
  clearProgress();
  isOff = true;
}

/**
 * Shows what is being done, with the time it has taken, on the last line of the terminal while it takes longer than two seconds; where
 * there is no terminal, as a line every half minute.
 */
export async function withProgress<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
  const task = { label, begun: performance.now() };
  tasks.push(task);
  timer ??= setInterval(draw, 500).unref();
  try {
    return await work();
  } finally {
    tasks.splice(tasks.indexOf(task), 1);
    clearProgress();
    if (tasks.length === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }
}

/** No progress is shown while somebody is asked. */
export async function withoutProgress<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = isOff;
  turnProgressOff();
  try {
    return await work();
  } finally {
    isOff = before;
  }
}

/** Says what is being done now in the progress that is shown. */
export function nameProgress(label: string): void {
  const task = tasks.at(-1);
  if (task) task.label = label;
}

/** Makes room for a line; the progress comes back by itself. */
export function clearProgress(): void {
  if (!isDrawn) return;
  isDrawn = false;
  process.stderr.write("\r\x1b[K");
}

function draw(): void {
  const task = tasks.at(-1);
  const elapsed = task ? performance.now() - task.begun : 0;
  if (!task || isOff || elapsed < patience) return;
  const time = `${Math.floor(elapsed / 1000)} s`;
  if (process.stderr.isTTY && process.env.TERM !== "dumb") {
    const room = (process.stderr.columns || 80) - time.length - 4;
    const label = task.label.length > room ? `${task.label.slice(0, room - 3)}...` : task.label;
    process.stderr.write(`\r\x1b[K${label} (${time})`);
    isDrawn = true;
  } else if (Date.now() - lastLogged > logInterval && elapsed > logInterval) {
    lastLogged = Date.now();
    process.stderr.write(`${task.label} (${time} so far)\n`);
  }
}
