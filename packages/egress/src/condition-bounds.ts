import type { ASTNode } from '@marcbachmann/cel-js';
import { RuleError } from './rule-error.ts';

// What is left out could make more of an answer than it is, or take long: `map`, `join` and `cel.bind` double a value again and again,
// `matches` is a backtracking regular expression.
const TYPES = 'bool double int string type';
const TEXTS = 'contains endsWith lowerAscii startsWith trim upperAscii';
const FUNCTIONS = new Set(`${TYPES} ${TEXTS} has size`.split(' '));
const LOOPS = new Set(['all', 'exists', 'exists_one', 'filter']);
const ANSWER = new Set(['status', 'headers', 'body']);
const ARITHMETIC = new Set(['+', '-', '*', '/', '%']);
const NUMBER_CALLS = new Set(['double', 'int', 'size']);

type Call = Extract<ASTNode, { op: 'call' | 'rcall' }>;

/**
 * The expressions of the lists that an expression loops over, those inside of others first. Throws RuleError for an expression whose
 * cost is not linear in the size of the answer.
 */
export function loopedLists(root: ASTNode): ASTNode[] {
  const lists: ASTNode[] = [];
  visit(root, null, lists);
  return lists;
}

/** `element` is the name of the loop's element, `null` outside of loops. */
function visit(node: ASTNode, element: string | null, lists: ASTNode[]): void {
  if (node.op === 'id' && element !== null && ANSWER.has(node.args))
    throw new RuleError('condition', `uses ${node.args} inside a loop, where only the element can be used`);
  if (node.op === '+' && !node.args.some(isNumber))
    throw new RuleError('condition', 'adds what may be texts; write double(…) or int(…) around one of them');
  if (node.op === 'rcall' && LOOPS.has(node.args[0])) {
    visitLoop(node, element, lists);
    return;
  }
  if ((node.op === 'call' || node.op === 'rcall') && !FUNCTIONS.has(node.args[0]))
    throw new RuleError('condition', `uses ${node.args[0]}, which is not available`);
  for (const child of childrenOf(node.args)) visit(child, element, lists);
}

function visitLoop(node: Call, outer: string | null, lists: ASTNode[]): void {
  if (outer !== null) throw new RuleError('condition', 'has a loop inside a loop');
  const [name, list, [element, ...predicate]] = node.args as [string, ASTNode, ASTNode[]];
  visit(list, null, lists);
  lists.push(list);
  if (element?.op !== 'id' || ANSWER.has(element.args))
    throw new RuleError('condition', `needs a new name for the element of ${name}`);
  for (const child of predicate) visit(child, element.args, lists);
}

function isNumber(node: ASTNode): boolean {
  if (node.op === 'value') return typeof node.args === 'number' || typeof node.args === 'bigint';
  if (node.op === 'call' || node.op === 'rcall') return NUMBER_CALLS.has(node.args[0]);
  if (node.op === '-_') return true;
  return ARITHMETIC.has(node.op) && childrenOf(node.args).some(isNumber);
}

function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}
