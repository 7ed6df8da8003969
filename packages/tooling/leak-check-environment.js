import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const WATCHED = new Set(['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap', 'Timeout', 'FSEventWrap']);
const open = () => process.getActiveResourcesInfo().filter((kind) => WATCHED.has(kind)).sort();
const { createContext } = vm;

const MANY_TIMERS = 10_000;
/** Node has no public word for a timer that has ended. */
const isRunning = ([timer]) => !Reflect.get(timer, '_destroyed') && timer.hasRef();

/** Fails a test file that leaves a socket, a server, a process, a timer or a watcher behind. */
export default class LeakCheckEnvironment extends TestEnvironment {
  /** Timer → milliseconds. */
  timers = new Map();

  constructor(...args) {
    // In the context that Jest makes, each use of a global goes through an interceptor and a proxy, and takes twenty times as long as in a program.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    this.before = open();
    // Jest has timers of its own that end while a file runs: a timer of the file would take the place of one of them.
    for (const name of ['setTimeout', 'setInterval']) this.global[name] = new Proxy(this.global[name], { apply: (make, self, args) => this.#watch(Reflect.apply(make, self, args), args[1] ?? 1) });
  }

  handleTestEvent({ name }) {
    if (name === 'hook_failure' || name === 'test_fn_failure') this.failed = true;
  }

  async teardown() {
    let left = this.#left();
    // Sockets close on the next turns of the loop: give them a second before calling it a leak.
    for (const endsAt = Date.now() + 1000; left.length > 0 && Date.now() < endsAt; left = this.#left()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await super.teardown();
    // A failed hook leaves things open as well, and its own message is the one to read.
    if (left.length > 0 && !this.failed) throw new Error(`The test file left open: ${left.join(', ')}. Close it in afterAll.`);
  }

  #left() {
    const rest = [...this.before];
    const others = open().filter((kind) => {
      const at = rest.indexOf(kind);
      if (at >= 0) rest.splice(at, 1);
      return kind !== 'Timeout' && at < 0;
    });
    return [...others, ...[...this.timers].filter(isRunning).map(([, ms]) => `a timer of ${ms} ms`)];
  }

  #watch(timer, ms) {
    if (this.timers.size > MANY_TIMERS) this.timers = new Map([...this.timers].filter(isRunning));
    this.timers.set(timer, ms);
    return timer;
  }
}
