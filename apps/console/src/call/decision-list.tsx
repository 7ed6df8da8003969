import { isProblem, type InvocationEntry } from './timeline.ts';

/** What the runner decided on the way, and why; open where that explains a problem. */
export function DecisionList({ invocation }: { invocation: InvocationEntry }) {
  const { decisions } = invocation;
  if (decisions.length === 0) return null;
  return (
    <details className="decisions" open={isProblem(invocation)}>
      <summary>{decisions.length === 1 ? '1 decision' : `${decisions.length} decisions`}</summary>
      <ol>
        {decisions.map(({ step, decision, why }, at) => (
          // A step may decide twice: its place is what tells two decisions apart.
          <li key={at}>
            <code>{step}</code>
            <span>
              {decision}
              {why && <span className="quiet"> — {why}</span>}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
