import { useState, type FormEvent } from 'react';
import { ChoiceField, TextField } from '../forms/field.tsx';
import { navigate } from '../frame/navigation.tsx';
import { actionWords, NOUNS } from './audit-words.ts';

/** Which entries to show; kept in the address, so that a link shows the same. */
export function AuditFilter({ filter }: { filter: Record<string, string> }) {
  const { action = '', objectId = '' } = filter;
  const [id, setId] = useState(objectId);
  const show = (changed: Record<string, string>) => {
    const kept = Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== '');
    navigate(kept.length > 0 ? `/audit?${new URLSearchParams(kept)}` : '/audit');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show({ objectId: id.trim() });
  };
  // An address may name one action; it is then a choice too.
  const isListed = NOUNS.some(([noun]) => noun === action);
  const choices: [string, string][] = NOUNS.map(([noun, title]) => [noun, title]);
  return (
    <form className="filter" onSubmit={submit} role="search" aria-label="Filter the audit log">
      <ChoiceField
        label="Show"
        value={action}
        onChange={(chosen) => show({ action: chosen })}
        choices={isListed ? choices : [...choices, [action, actionWords(action)]]}
      />
      <TextField label="About the id" placeholder="conn_…" value={id} onChange={setId} />
      <button type="submit">Filter</button>
      {(action !== '' || objectId !== '') && (
        <button type="button" onClick={() => navigate('/audit')}>
          Show all
        </button>
      )}
    </form>
  );
}
