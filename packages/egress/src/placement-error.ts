/** An argument cannot become part of the request. `argument` is its name, or `url` when the template itself is at fault. */
export class PlacementError extends Error {
  constructor(
    readonly argument: string,
    /** Completes the sentence that begins with the argument's name: `is missing`. Never holds the value. */
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${argument} ${problem}`, options);
    this.name = 'PlacementError';
  }
}
