/** What a tool's `parameters` say of each argument; for checks that come after the schema itself was found sound. */
export class Parameters {
  readonly names: string[];
  readonly #properties: Record<string, unknown>;
  readonly #required: ReadonlySet<unknown>;

  /** `own` is the parameter that the platform fills with an id of its own, whatever the model leaves out. */
  constructor(schema: Record<string, unknown>, own?: string) {
    this.#properties = (schema['properties'] ?? {}) as Record<string, unknown>;
    const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
    this.#required = new Set([...required, ...(own === undefined ? [] : [own])]);
    this.names = Object.keys(this.#properties);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#properties, name);
  }

  /** Whether every call has it. */
  isRequired(name: string): boolean {
    return this.#required.has(name);
  }

  /** Whether every value it may have is of one of these types. */
  isOf(name: string, types: readonly string[]): boolean {
    const { type } = (this.#properties[name] ?? {}) as { type?: unknown };
    const given = Array.isArray(type) ? (type as unknown[]) : [type];
    return given.length > 0 && given.every((one) => typeof one === 'string' && types.includes(one));
  }
}
