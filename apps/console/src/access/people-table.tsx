import type { Person } from '@patchbay/contracts/access';
import type { Role } from '@patchbay/contracts/permissions';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { useNow } from '../frame/use-now.ts';
import { WhenCell } from '../frame/when-cell.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useChange, type Change } from '../gateway/use-change.ts';
import { ActedTable } from './acted-table.tsx';
import { ROLES } from './permission-words.ts';

const COLUMNS = ['E-mail', 'Name', 'Role', 'Last sign-in'] as const;

export function PeopleTable({ people, onChanged }: { people: Person[]; onChanged(): void }) {
  const change = useChange();
  const mayWrite = useMay('people:write');
  const now = useNow(true);
  return (
    <ActedTable columns={COLUMNS} mayAct={mayWrite} change={change}>
      {people.map((person) => (
        <PersonRow key={person.personId} person={person} now={now} change={change} mayWrite={mayWrite} onChanged={onChanged} />
      ))}
    </ActedTable>
  );
}

interface PersonRowProps {
  person: Person;
  now: Date;
  change: Change;
  mayWrite: boolean;
  onChanged(): void;
}

function PersonRow({ person: { personId, email, name, role, lastSignInAt }, now, change, mayWrite, onChanged }: PersonRowProps) {
  const { caller } = useAccess();
  const path = `/v1/people/${personId}`;
  const setRole = async (next: Role) => {
    await change.make('PATCH', path, { role: next });
    onChanged();
  };
  const remove = async () => {
    await change.make('DELETE', path);
    onChanged();
  };
  return (
    <tr>
      <td className="name">
        {email} {caller.personId === personId && <span className="tag">you</span>}
      </td>
      <td data-label="Name">{name ?? <span className="quiet">unknown</span>}</td>
      <td data-label="Role">
        {mayWrite ? <RoleSelect email={email} role={role} isBusy={change.isBusy} onChange={(next) => void setRole(next)} /> : role}
      </td>
      <WhenCell label="Last sign-in" at={lastSignInAt} now={now} none="invited, not signed in yet" />
      {mayWrite && (
        <td className="actions">
          <ConfirmButton label="Remove" about={email} title={`Remove ${email}?`} isBusy={change.isBusy} onConfirm={() => void remove()}>
            Their sessions end at once. To come back they have to be invited again.
          </ConfirmButton>
        </td>
      )}
    </tr>
  );
}

interface RoleSelectProps {
  email: string;
  role: Role;
  isBusy: boolean;
  onChange(role: Role): void;
}

function RoleSelect({ email, role, isBusy, onChange }: RoleSelectProps) {
  return (
    <select aria-label={`Role of ${email}`} value={role} disabled={isBusy} onChange={(event) => onChange(event.target.value as Role)}>
      {ROLES.map(([choice]) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}
