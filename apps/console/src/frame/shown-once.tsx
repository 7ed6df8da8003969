import { useRef, type ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import { saveFile } from './save-file.ts';

interface ShownOnceProps {
  /** What it is: `API key`. */
  what: string;
  /** Whose it is. */
  name: string;
  secret: string;
  /** Offers it as a file of this name too. */
  fileName?: string;
  /** What to do with it. */
  children?: ReactNode;
  onDone(): void;
}

/** A secret that nobody can read again, until the reader says that it is kept. */
export function ShownOnce({ what, name, secret, fileName, children, onDone }: ShownOnceProps) {
  const text = useRef<HTMLPreElement>(null);
  const save = () => saveFile(fileName!, new Blob([secret], { type: 'text/plain' }));
  return (
    <section className="shown-once" role="status" aria-label={`${what} of ${name}`}>
      <h2>
        {what} of {name}
      </h2>
      <p>Keep it now: it is shown this once, and nobody can read it again.</p>
      <pre ref={text} tabIndex={0}>
        {secret}
      </pre>
      {children}
      <div className="buttons">
        {fileName && (
          <button type="button" className="primary" onClick={save}>
            Download {fileName}
          </button>
        )}
        <CopyButton text={secret} shown={text} />
        <button type="button" onClick={onDone}>
          I have kept it
        </button>
      </div>
    </section>
  );
}
