import type { ArgumentOrigin } from '@patchbay/contracts/action';
import type { InvocationEntry } from './timeline.ts';
import { Values } from './values.tsx';

const MEANINGS: Record<ArgumentOrigin, string> = {
  caller: 'The caller said it',
  variable: 'Taken from a variable of the session',
  static: 'Fixed by the builder of the agent',
  model: 'The model came up with it',
};

/** What the function was called with, and where each argument came from. */
export function ArgumentValues({ invocation: { arguments: value, origins } }: { invocation: InvocationEntry }) {
  const marks = Object.entries(origins).map(([name, origin]) => [name, <OriginTag key={name} origin={origin} />]);
  return <Values title="Arguments" value={value} marks={Object.fromEntries(marks)} />;
}

function OriginTag({ origin }: { origin: ArgumentOrigin }) {
  return (
    <span className="origin" data-origin={origin} title={MEANINGS[origin]}>
      {origin}
    </span>
  );
}
