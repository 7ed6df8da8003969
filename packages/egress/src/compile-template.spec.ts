import { describe, expect, it } from '@jest/globals';
import { compileTemplate } from './compile-template.ts';
import { RuleError } from './rule-error.ts';

const scope = {
  result: {
    name: 'Zoë',
    status: 'on its\u202e way',
    at: '2026-05-01T18:30:00+02:00',
    items: ['tea', 'milk'],
    gone: null,
    text: 'a\n\n  b',
  },
  arguments: { orderId: 12345 },
};

function problemOf(text: string): string {
  try {
    compileTemplate(text)(scope);
  } catch (error) {
    if (error instanceof RuleError) return error.message;
    throw error;
  }
  throw new Error(`rendered: ${text}`);
}

describe('compileTemplate', () => {
  it.each([
    ['Order {{ arguments.orderId }} is {{ result.status }}.', 'Order 12345 is on its way.'],
    ['{{ result.items | join: " and " }}', 'tea and milk'],
    ['{{ result.items.size }} things', '2 things'],
    ['{% for item in result.items %}{{ forloop.index }}: {{ item }} {% endfor %}', '1: tea 2: milk'],
    ['{% if result.late %}late{% else %}in time{% endif %}', 'in time'],
    ['{{ result.nobody | default: "nobody" }}', 'nobody'],
    ['{{ result.gone }}nothing', 'nothing'],
    ['{{ result.at | date: "%A at %-l:%M %P" }}', 'Friday at 6:30 pm'],
    ['  {{ result.text }}\n', 'a b'],
  ])('renders %s', (text, rendered) => {
    expect(compileTemplate(text)(scope)).toBe(rendered);
  });

  it('does not read a template out of a value', () => {
    expect(compileTemplate('{{ arguments.x }}')({ arguments: { x: '{{ result }}{% assign a = 1 %}' } })).toBe(
      '{{ result }}{% assign a = 1 %}',
    );
  });

  it.each([
    ['{{ result.nothing }}', 'undefined variable: result.nothing'],
    ['{{ result.constructor }}', 'undefined variable'],
    ['{{ result.__proto__.toString }}', 'undefined variable'],
    ['{{ result.items.constructor.constructor }}', 'undefined variable'],
    ['{{ process }}', 'undefined variable'],
    ['{{ result }}', 'cannot be spoken'],
    ['{{ result.items }}', 'cannot be spoken'],
    ['{{ result.name | shout }}', 'undefined filter: shout'],
    ['{% include "/etc/passwd" %}', 'tag "include" not found'],
    ['{% render "/etc/passwd" %}', 'tag "render" not found'],
    ['{% layout "/etc/passwd" %}', 'tag "layout" not found'],
    ['{{ result.name', 'not closed'],
    ['x'.repeat(4_001), 'limit exceeded'],
    ['{% for i in (1..100000000) %}x{% endfor %}', 'limit exceeded'],
    ['{% assign a = "xx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}', 'limit exceeded'],
    ['{% for i in (1..300) %}{% for j in (1..300) %}{% endfor %}{% endfor %}', 'limit exceeded'],
    ['x'.repeat(2_001), 'makes more than 2000 characters'],
  ])('refuses %s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});
