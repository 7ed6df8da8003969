import { useRef, useState } from 'react';

const SHOWN_MS = 2_000;

/** A command line that sends the same request again, secrets left out; folded, with a button that copies it. */
export function CurlCommand({ command }: { command: string }) {
  const text = useRef<HTMLPreElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (await isWritten(command)) {
      setCopied(true);
      window.setTimeout(() => setCopied(false), SHOWN_MS);
    } else if (text.current) {
      // Without a clipboard, as on a page without TLS: marked, so that the keyboard can copy it.
      window.getSelection()?.selectAllChildren(text.current);
    }
  };
  return (
    <details className="curl">
      <summary>curl</summary>
      <div>
        <pre ref={text} tabIndex={0}>
          {command}
        </pre>
        <button type="button" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      </div>
    </details>
  );
}

async function isWritten(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard, or not allowed to write to it: the caller has another way.
    return false;
  }
}
