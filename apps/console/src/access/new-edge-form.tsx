import { useState } from 'react';
import { ChoiceField, TextField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { useChange } from '../gateway/use-change.ts';
import type { NewEdge } from './new-edge.ts';
import { expiryOf, LIVES, type Life } from './expiry.ts';

export function NewEdgeForm({ onMade, onClose }: { onMade(edge: NewEdge): void; onClose(): void }) {
  const change = useChange();
  const [name, setName] = useState('');
  const [life, setLife] = useState<Life>('90');
  const create = async () => {
    const made = await change.make<NewEdge>('POST', '/v1/edges', { name, ...expiryOf(life) });
    if (made) onMade(made);
  };
  const cancel = (
    <button type="button" onClick={onClose}>
      Cancel
    </button>
  );
  return (
    <section className="panel inline-form">
      <h2>New edge</h2>
      <Form change={change} onSubmit={() => void create()} submit="Create the edge" submitting="Creating…" more={cancel}>
        <TextField label="Name" path="name" help="The voice node, for example “frankfurt-1”." isRequired value={name} onChange={setName} />
        <ChoiceField label="Its credentials end after" path="expiresAfterDays" value={life} onChange={setLife} choices={LIVES} />
      </Form>
    </section>
  );
}
