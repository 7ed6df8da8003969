const MAX_ANSWERS = 10_000;

interface Asked<T> {
  answer: Promise<T>;
  /** Absent while the neighbour has not answered. */
  given?: { answer: T };
  until: number;
}

/** Answers of a neighbour, each believed for so long after it was asked for; a refusal is not kept. */
export class Believed<T> {
  readonly #asked = new Map<string, Asked<T>>();

  constructor(private readonly believedMs: number) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(key);
    if (known && known.until > performance.now()) return known.answer;
    if (this.#asked.size >= MAX_ANSWERS) this.#asked.clear();
    const asked: Asked<T> = { answer: ask(), until: performance.now() + this.believedMs };
    this.#asked.set(key, asked);
    asked.answer.then(
      (answer) => (asked.given = { answer }),
      () => {
        if (this.#asked.get(key) === asked) this.#asked.delete(key);
      },
    );
    return asked.answer;
  }

  /** Drops the answers that this is true of, and those that are under way: they may say what was true a moment ago. */
  forget(concerns: (answer: T) => boolean): void {
    for (const [key, { given }] of this.#asked) if (!given || concerns(given.answer)) this.#asked.delete(key);
  }

  forgetAll(): void {
    this.#asked.clear();
  }
}
