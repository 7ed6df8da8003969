/**
 * Progress lines such as `[1/4] installing dependencies ... 12 s`. Plain JavaScript, because the bootstrap prints them
 * on whatever Node the newcomer has, before Node 24 is there.
 *
 * @typedef {{ note(text: string): void, done(detail?: string): void, failed(): void }} Step
 * @typedef {{ step(title: string): Step, line(text: string): void, readonly position: string }} Progress
 */

const REDRAW_MS = 1000;
/** Without a terminal a line cannot be redrawn; a log wants a sign of life now and then, not every second. */
const SIGN_OF_LIFE_MS = 15_000;

/**
 * @param {{ finished?: number, total: number, output?: NodeJS.WriteStream }} options `finished`: steps another process has shown already.
 * @returns {Progress}
 */
export function createProgress({ finished = 0, total, output = process.stdout }) {
  let current = finished;
  return {
    step(title) {
      current += 1;
      return startStep(`[${current}/${total}] ${title}`, output);
    },
    line: (text) => void output.write(`${text}\n`),
    get position() {
      return `${current}/${total}`;
    },
  };
}

/** Continues where the parent process stopped: it passes its `position` on.
 * @param {string | undefined} position
 * @param {number} total used when there is no parent that counts
 * @returns {Progress}
 */
export function continueProgress(position, total) {
  const [finished, whole] = (position ?? '').split('/').map(Number);
  return finished && whole ? createProgress({ finished, total: whole }) : createProgress({ total });
}

/** Shows nothing: for tests and for programs that print their own progress.
 * @returns {Progress}
 */
export function silentProgress() {
  const step = { note() {}, done() {}, failed() {} };
  return { step: () => step, line() {}, position: '' };
}

/**
 * @param {string} label
 * @param {NodeJS.WriteStream} output
 * @returns {Step}
 */
function startStep(label, output) {
  const startedAt = Date.now();
  const seconds = () => ((Date.now() - startedAt) / 1000).toFixed(1);
  let note = '';
  const draw = () => output.write(output.isTTY ? `\r\x1b[K${head()}` : `${head()}\n`);
  const head = () => `${label} ... ${Math.round(Number(seconds()))} s${note && `  ${note}`}`;
  const timer = setInterval(draw, output.isTTY ? REDRAW_MS : SIGN_OF_LIFE_MS);
  timer.unref();
  output.write(output.isTTY ? `${label} ...` : `${label} ...\n`);

  const end = (/** @type {string} */ text) => {
    clearInterval(timer);
    output.write(output.isTTY ? `\r\x1b[K${label} ${text}\n` : `${label} ${text}\n`);
  };
  return {
    note(text) {
      note = text;
      if (output.isTTY) draw();
      else output.write(`      ${text}\n`);
    },
    done: (detail) => end(`done in ${seconds()} s${detail ? `  (${detail})` : ''}`),
    failed: () => end(`failed after ${seconds()} s`),
  };
}
