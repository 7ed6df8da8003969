import { useState } from 'react';
import type { Person } from '@patchbay/contracts/access';
import type { Role } from '@patchbay/contracts/permissions';
import { ChoiceField, TextField } from '../forms/field.tsx';
import { Form } from '../forms/form.tsx';
import { Loading } from '../frame/notice.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useChange } from '../gateway/use-change.ts';
import { useResource } from '../gateway/use-resource.ts';
import { PeopleTable } from './people-table.tsx';
import { ROLES } from './permission-words.ts';

/** Somebody may sign in at any moment. */
const alwaysChanges = () => true;

export function PeoplePage() {
  const { apiKey } = useAccess();
  const mayWrite = useMay('people:write');
  const { data, problem, reload } = useResource<{ people: Person[] }>({ path: '/v1/people', apiKey, isChanging: alwaysChanges });
  return (
    <>
      <header className="page-head">
        <h1>People</h1>
        <p className="quiet">Who may sign in with your organization’s account, and as what.</p>
      </header>
      {mayWrite && <InviteForm onInvited={reload} />}
      <PageProblem problem={problem} hasData={data !== null} />
      {data?.people.length === 0 && (
        <p className="empty">Nobody is invited yet; until then API keys are the only way in.{mayWrite && ' Invite somebody above.'}</p>
      )}
      {data && data.people.length > 0 && <PeopleTable people={data.people} onChanged={reload} />}
      {!data && !problem && <Loading what="people" />}
    </>
  );
}

function InviteForm({ onInvited }: { onInvited(): void }) {
  const change = useChange();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('builder');
  const invite = async () => {
    if (!(await change.make('POST', '/v1/people', { email: email.trim(), role }))) return;
    setEmail('');
    onInvited();
  };
  return (
    <section className="panel inline-form">
      <h2>Invite somebody</h2>
      <Form change={change} onSubmit={() => void invite()} submit="Invite" submitting="Inviting…">
        <TextField
          label="E-mail"
          type="email"
          path="email"
          help="As their account at your identity provider has it. No mail is sent: tell them to sign in here."
          isRequired
          value={email}
          onChange={setEmail}
        />
        <ChoiceField label="Role" path="role" value={role} onChange={setRole} choices={ROLES} />
      </Form>
    </section>
  );
}
