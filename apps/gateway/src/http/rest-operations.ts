import 'reflect-metadata';
import { ROUTE, type RouteFacts } from './route.ts';

/** A route with the name that OpenAPI and the clients made from it give it. */
export interface RestOperation {
  operationId: string;
  facts: RouteFacts;
}

type ControllerClass = new (...args: never[]) => object;

/** Every operation of the REST API, in the order of the controllers and of their methods. */
export function restOperations(controllers: ControllerClass[]): RestOperation[] {
  return controllers.flatMap((controller) => {
    const noun = controller.name.replace(/Controller$/, '');
    return Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
      const handler: unknown = controller.prototype[method as never];
      const facts = typeof handler === 'function' ? (Reflect.getMetadata(ROUTE, handler) as RouteFacts | undefined) : undefined;
      return facts ? operationsOf(noun + capitalized(method), facts) : [];
    });
  });
}

/** One for a route, or one for each operation that its path may name. */
function operationsOf(operationId: string, facts: RouteFacts): RestOperation[] {
  if (!facts.oneOf) return [{ operationId, facts }];
  const { parameter, contracts } = facts.oneOf;
  return Object.entries(contracts).map(([operation, contract]) => ({
    operationId: operationId + operation.split('.').map(capitalized).join(''),
    facts: { ...facts, path: facts.path.replace(`:${parameter}`, operation), contract },
  }));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
