import { readingOf, type Primitive } from './json-text.ts';

/** Arguments or a result, in the form that is easiest to read. */
export function Values({ title, value }: { title: string; value: unknown }) {
  const reading = readingOf(value);
  return (
    <section className="values">
      <h3>{title}</h3>
      {reading.form === 'nothing' && <p className="quiet">none</p>}
      {reading.form === 'fields' && <Fields fields={reading.fields} />}
      {reading.form === 'text' && <Text text={reading.text} isFolded={reading.isFolded} />}
    </section>
  );
}

function Fields({ fields }: { fields: Array<[string, Primitive]> }) {
  return (
    <dl>
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-type={value === null ? 'null' : typeof value}>{String(value)}</dd>
        </div>
      ))}
    </dl>
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
