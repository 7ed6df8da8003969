import { useState, type RefObject } from 'react';

const SHOWN_MS = 2_000;

/** Copies a text; `shown` is where it can be read, for pages that have no clipboard. */
export function CopyButton({ text, shown }: { text: string; shown: RefObject<HTMLElement | null> }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (await isWritten(text)) {
      setCopied(true);
      window.setTimeout(() => setCopied(false), SHOWN_MS);
    } else if (shown.current) {
      // Without a clipboard, as on a page without TLS: marked, so that the keyboard can copy it.
      window.getSelection()?.selectAllChildren(shown.current);
    }
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied ? 'Copied' : 'Copy'}
    </button>
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
