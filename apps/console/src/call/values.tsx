import type { ReactNode } from 'react';
import { readingOf, type Primitive } from './json-text.ts';

interface ValuesProps {
  title: string;
  value: unknown;
  /** What stands behind a field of this name; for fields that are folded into a text, below it. */
  marks?: Record<string, ReactNode>;
}

/** Arguments or a result, in the form that is easiest to read. */
export function Values({ title, value, marks = {} }: ValuesProps) {
  const reading = readingOf(value);
  return (
    <section className="values">
      <h3>{title}</h3>
      {reading.form === 'nothing' && <p className="quiet">none</p>}
      {reading.form === 'fields' && <Fields fields={reading.fields} marks={marks} />}
      {reading.form === 'text' && <Text text={reading.text} isFolded={reading.isFolded} />}
      {reading.form === 'text' && <Marks marks={marks} />}
    </section>
  );
}

function Fields({ fields, marks }: { fields: Array<[string, Primitive]>; marks: Record<string, ReactNode> }) {
  return (
    <dl>
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-type={value === null ? 'null' : typeof value}>
            {String(value)} {marks[name]}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Marks({ marks }: { marks: Record<string, ReactNode> }) {
  const marked = Object.entries(marks);
  if (marked.length === 0) return null;
  return (
    <p className="marks">
      {marked.map(([name, mark]) => (
        <span key={name}>
          <code>{name}</code> {mark}
        </span>
      ))}
    </p>
  );
}

function Text({ text, isFolded }: { text: string; isFolded: boolean }) {
  if (!isFolded) return <pre tabIndex={0}>{text}</pre>;
  return (
    <details>
      <summary>{text.length.toLocaleString()} characters</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
