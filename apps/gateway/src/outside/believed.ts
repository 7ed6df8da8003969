const MAX_ANSWERS = 10_000;

/** Answers of a neighbour, each believed for so long after it was asked for; a refusal is not kept. */
export class Believed<T> {
  readonly #answers = new Map<string, { answer: Promise<T>; until: number }>();

  constructor(private readonly believedMs: number) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known && known.until > performance.now()) return known.answer;
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear();
    const answer = ask();
    const asked = { answer, until: performance.now() + this.believedMs };
    this.#answers.set(key, asked);
    answer.catch(() => {
      if (this.#answers.get(key) === asked) this.#answers.delete(key);
    });
    return answer;
  }

  forget(): void {
    this.#answers.clear();
  }
}
