import { useRef } from 'react';
import { CopyButton } from '../frame/copy-button.tsx';

/** A command line that sends the same request again, secrets left out; folded, with a button that copies it. */
export function CurlCommand({ command }: { command: string }) {
  const text = useRef<HTMLPreElement>(null);
  return (
    <details className="curl">
      <summary>curl</summary>
      <div>
        <pre ref={text} tabIndex={0}>
          {command}
        </pre>
        <CopyButton text={command} shown={text} />
      </div>
    </details>
  );
}
