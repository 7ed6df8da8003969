import type { Person } from '@patchbay/contracts/access';
import type { Role } from '@patchbay/contracts/permissions';
import { Ago } from '../frame/ago.tsx';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { ChangeProblem } from '../frame/notice.tsx';
import { useNow } from '../frame/use-now.ts';
import { useAccess, useMay } from '../gateway/access.ts';
import { useChange, type Change } from '../gateway/use-change.ts';
import { ROLES } from './permission-words.ts';

export function PeopleTable({ people, onChanged }: { people: Person[]; onChanged(): void }) {
  const change = useChange();
  const mayWrite = useMay('people:write');
  const now = useNow(true);
  return (
    <>
      <ChangeProblem problem={change.problem} />
      <table className="table">
        <thead>
          <tr>
            <th scope="col">E-mail</th>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Last sign-in</th>
            {mayWrite && <th scope="col">Actions</th>}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <PersonRow key={person.personId} person={person} now={now} change={change} mayWrite={mayWrite} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </>
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
      <td data-label="Last sign-in" className="when">
        <Ago at={lastSignInAt} now={now} none="invited, not signed in yet" />
      </td>
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
