import { describe, expect, it } from '@jest/globals';
import { namesInTemplate } from './template-names.ts';

const inWords = (text: string) => namesInTemplate(text).map(({ root, field }) => (field === undefined ? root : `${root} ${field}`));

describe('namesInTemplate', () => {
  it.each([
    ['Nothing.', []],
    ['{{ result.items[0].id }} and {{ arguments["order id"] }}', ['result items', 'arguments order id']],
    ['{% if arguments.shop == "paris" %}{{ arguments.city | upcase }}{% endif %}', ['arguments shop', 'arguments city']],
    ['{% assign id = arguments.orderId %}{{ id }}', ['arguments orderId']],
    ['{% for item in result %}{{ item.name }}{% endfor %}', ['result']],
    ['{{ arguments["a.b"] }}', ['arguments a.b']],
    ['{{ arguments[0] }}', ['arguments']],
  ])('finds those of %s', (text, names) => {
    expect(inWords(text).sort()).toEqual([...names].sort());
  });

  it('finds a computed name’s own names', () => {
    expect(inWords('{{ arguments[result.field] }}').sort()).toEqual(['arguments', 'result field']);
  });
});
