import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warning' | 'doubt' | 'busy' | 'quiet';

/** A state as colour and word; the word alone says it too. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}
