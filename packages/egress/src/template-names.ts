import { Liquid } from 'liquidjs';

/** What a template takes from its scope: `arguments.orderId` has the root `arguments` and the field `orderId`. */
export interface UsedName {
  root: string;
  /** Undefined where the whole root is used, an element by its number, or a field whose name is itself computed. */
  field: string | undefined;
}

/** Only reads which names a template uses; whether it can be rendered is for compile-template.ts to say. */
const engine = new Liquid();

/**
 * The names that a Liquid template takes from its scope, in their order; those that it makes itself (`assign`, `for`) are not among them. For a
 * template that `compileTemplate` accepts; throws liquidjs's own error for any other.
 */
export function namesInTemplate(text: string): UsedName[] {
  return engine
    .globalVariableSegmentsSync(engine.parse(text))
    .map(([root, field]) => ({ root: String(root), field: typeof field === 'string' ? field : undefined }));
}
