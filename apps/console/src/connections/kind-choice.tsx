import type { ConnectionKind } from '@patchbay/contracts/connection-kinds';
import { KINDS } from './kinds.ts';

/** How the provider knows who is asking; one of a few, each said in plain words. */
export function KindChoice({ kind, onChange }: { kind: ConnectionKind; onChange(kind: ConnectionKind): void }) {
  return (
    <fieldset className="kinds">
      <legend>How does the provider know who is asking?</legend>
      {KINDS.map(({ kind: choice, title, help }) => (
        <label key={choice} className="choice">
          <input type="radio" name="kind" value={choice} checked={choice === kind} onChange={() => onChange(choice)} />
          <span>
            <strong>{title}</strong>
            <span className="quiet small">{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
