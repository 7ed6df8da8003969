import { useState } from 'react';
import type { Permission } from '@patchbay/contracts/permissions';
import { ChoiceField, TextField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { useChange } from '../gateway/use-change.ts';
import { expiryOf, LIVES, type Life } from './expiry.ts';
import type { NewKey } from './new-key.ts';
import { PermissionChoice } from './permission-choice.tsx';

export function NewKeyForm({ onMade, onClose }: { onMade(key: NewKey): void; onClose(): void }) {
  const change = useChange();
  const [name, setName] = useState('');
  const [life, setLife] = useState<Life>('90');
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set());
  const create = async () => {
    const made = await change.make<NewKey>('POST', '/v1/api-keys', { name, permissions: [...chosen], ...expiryOf(life) });
    if (made) onMade(made);
  };
  const cancel = (
    <button type="button" onClick={onClose}>
      Cancel
    </button>
  );
  return (
    <section className="panel">
      <h2>New API key</h2>
      <Form change={change} onSubmit={() => void create()} submit="Create the key" submitting="Creating…" more={cancel}>
        <TextField label="Name" path="name" help="The program that will use it." isRequired value={name} onChange={setName} />
        <ChoiceField
          label="It ends after"
          path="expiresAfterDays"
          help="Rotate it before then: the new one and the old one work side by side for a while."
          value={life}
          onChange={setLife}
          choices={LIVES}
        />
        <PermissionChoice chosen={chosen} onChange={setChosen} />
      </Form>
    </section>
  );
}
