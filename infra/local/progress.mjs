/**
 * Progress lines such as `[1/4] installing dependencies ... 12 s`. Plain JavaScript, because the bootstrap prints them
 * on whatever Node the newcomer has, before Node 24 is there.
 *
 * @typedef {{ item(text: string): void, detail(text: string): void }} Step `item` prints a line of its own, `detail` stands behind "done".
 * @typedef {{ step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>, heading(title: string): void, line(text: string): void, readonly position: string }} Progress
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
    async step(title, work) {
      current += 1;
      const { step, end } = startStep(`[${current}/${total}] ${title}`, output);
      try {
        const result = await work(step);
        end('done');
        return result;
      } catch (error) {
        end('failed');
        throw error;
      }
    },
    heading(title) {
      current += 1;
      output.write(`[${current}/${total}] ${title}\n`);
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
  return { step: (_title, work) => work({ item() {}, detail() {} }), heading() {}, line() {}, position: '' };
}

/**
 * @param {string} label
 * @param {NodeJS.WriteStream} output
 */
function startStep(label, output) {
  const startedAt = Date.now();
  const redraw = output.isTTY ? '\r\x1b[K' : '';
  const lineEnd = output.isTTY ? '' : '\n';
  let detail = '';
  const draw = () => output.write(`${redraw}${label} ... ${Math.round((Date.now() - startedAt) / 1000)} s${lineEnd}`);
  const timer = setInterval(draw, output.isTTY ? REDRAW_MS : SIGN_OF_LIFE_MS);
  timer.unref();
  output.write(`${label} ...${lineEnd}`);

  return {
    /** @type {Step} */
    step: {
      item(text) {
        output.write(`${redraw}      ${text}\n`);
        if (output.isTTY) draw();
      },
      detail: (text) => void (detail = `  (${text})`),
    },
    /** @param {'done' | 'failed'} how */
    end(how) {
      clearInterval(timer);
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      output.write(`${redraw}${label}: ${how} after ${seconds} s${detail}\n`);
    },
  };
}
