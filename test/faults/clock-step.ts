// Loaded by a runner before anything else: each SIGUSR2 steps its wall clock to the next of these offsets.
const OFFSETS_MS = [600_000, -600_000, 0];

const TrueDate = Date;
let offsetMs = 0;
let steps = 0;

const now = (): number => TrueDate.now() + offsetMs;

globalThis.Date = new Proxy(TrueDate, {
  apply: () => new TrueDate(now()).toString(),
  construct: (_target, parts: unknown[]) => Reflect.construct(TrueDate, parts.length === 0 ? [now()] : parts) as Date,
  get: (_target, name) => (name === 'now' ? now : (Reflect.get(TrueDate, name) as unknown)),
});

process.on('SIGUSR2', () => {
  offsetMs = OFFSETS_MS[steps++ % OFFSETS_MS.length]!;
});
