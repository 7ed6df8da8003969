import { isRecord } from './canonical-json.ts';

/** An input that cannot be used; the message names the place and the problem. */
export class UnreadableInput extends Error {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'UnreadableInput';
  }
}

/** A parsed value and where it stands, so that a missing field is reported with its file and path. */
export class ParsedJson {
  readonly value: unknown;
  readonly place: string;

  constructor(value: unknown, place: string) {
    this.value = value;
    this.place = place;
  }

  static parse(text: string, place: string): ParsedJson {
    try {
      return new ParsedJson(JSON.parse(text), place);
    } catch (error) {
      throw new UnreadableInput(place, `is not JSON (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  has(key: string): boolean {
    return isRecord(this.value) && this.value[key] !== undefined && this.value[key] !== null;
  }

  at(key: string): ParsedJson {
    return new ParsedJson(this.record()[key], `${this.place} ${key}`);
  }

  items(): ParsedJson[] {
    if (!Array.isArray(this.value)) return this.fail('a list');
    return this.value.map((item: unknown, index) => new ParsedJson(item, `${this.place}[${index}]`));
  }

  record(): Record<string, unknown> {
    return isRecord(this.value) ? this.value : this.fail('an object');
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a text');
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.fail('a number');
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  private fail(expected: string): never {
    const found = this.value === undefined ? 'is missing' : `is ${JSON.stringify(this.value).slice(0, 60)}`;
    throw new UnreadableInput(this.place, `${found} where ${expected} belongs`);
  }
}
