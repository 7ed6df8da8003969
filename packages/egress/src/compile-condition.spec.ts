import { describe, expect, it } from '@jest/globals';
import type { AnswerView } from './answer-view.ts';
import { compileCondition } from './compile-condition.ts';
import { RuleError } from './rule-error.ts';

const answer: AnswerView = {
  status: 200,
  headers: { 'content-type': 'application/json', 'x-quota-left': '0' },
  body: { ok: true, count: 3, price: 12.5, text: 'Hello', none: null, items: [{ id: 1, tag: 'a' }, { id: 2 }] },
};

function problemOf(text: string): string {
  try {
    compileCondition(text);
  } catch (error) {
    if (error instanceof RuleError) return error.message;
    throw error;
  }
  throw new Error(`compiled: ${text}`);
}

describe('compileCondition', () => {
  it.each([
    'status == 200 && body.ok == true',
    'status in [200, 201]',
    'status >= 200 && status < 300',
    'body.count == 3',
    'body.price > 12',
    'int(body.count) + 1 == 4',
    'double(body.count) + double(body.price) == 15.5',
    'body.none == null',
    'body["text"].lowerAscii().contains("ell")',
    'body.items[0].tag == "a"',
    'size(body.items) == 2',
    'body.items.exists(item, item.id == 2)',
    'body.items.all(item, item.id > 0)',
    'body.items.filter(item, has(item.tag)).size() == 1',
    'headers["x-quota-left"] == "0"',
    '!("retry-after" in headers)',
    '!has(body.error)',
    'body.error == "gone" || status == 200',
  ])('is true: %s', (text) => {
    expect(compileCondition(text)(answer)).toBe(true);
  });

  it.each([
    'status == 404',
    'has(body.error)',
    'body.error == "gone"',
    'body.text == 3',
    'body.text + 1.0 == 2.0',
    'body.items.all(item, item.tag == "a")',
    'headers["x-missing"] == "1"',
    'body',
    'body.count',
    'body.constructor != null',
    'has(body.__proto__)',
    '"toString" in headers',
    'body.text.length == 5.0',
  ])('is not true, and does not throw: %s', (text) => {
    expect(compileCondition(text)(answer)).toBe(false);
  });

  it.each([
    ['status ==', 'cannot be read'],
    ['status', 'is of the type int'],
    ['status == "200"', 'is not valid'],
    ['answer.status == 200', 'is not valid: Unknown variable: answer'],
    ['body.text.matches("(a+)+$")', 'uses matches, which is not available'],
    ['body.items.map(item, [item, item]).size() == 1', 'uses map, which is not available'],
    ['cel.bind(x, body.text, x == x)', 'uses bind, which is not available'],
    ['body.text.split("").join("") == ""', 'which is not available'],
    ['body.items.all(a, body.items.all(b, a == b))', 'has a loop inside a loop'],
    ['body.items.all(a, a in body.items)', 'uses body inside a loop'],
    ['body.items.all(body, body.id > 0)', 'needs a new name'],
    ['body.text + body.text == ""', 'adds what may be texts'],
    ['x'.repeat(1_001), 'is longer than 1000 characters'],
    ['('.repeat(400), 'cannot be read'],
    [`[${'1,'.repeat(100)}1] == body`, 'cannot be read'],
  ])('refuses %s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('is not true about a list that is too long to loop over', () => {
    const body = Array.from({ length: 5_001 }, () => 1);
    const allOnes = compileCondition('body.all(item, item == 1)');

    expect(allOnes({ ...answer, body: body.slice(1) })).toBe(true);
    expect(allOnes({ ...answer, body })).toBe(false);
  });

  it('sees a text, and nothing, as what they are', () => {
    expect(compileCondition('body.contains("Fehler")')({ ...answer, body: 'Fehler 7' })).toBe(true);
    expect(compileCondition('body == null')({ ...answer, body: null })).toBe(true);
  });
});
