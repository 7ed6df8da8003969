import type { Permission } from '@patchbay/contracts/permissions';
import { CheckField } from '../forms/field.tsx';
import { useFieldProblem } from '../forms/field-problems.ts';
import { useAccess } from '../gateway/access.ts';
import { PERMISSION_GROUPS } from './permission-words.ts';

interface PermissionChoiceProps {
  chosen: ReadonlySet<Permission>;
  onChange(chosen: ReadonlySet<Permission>): void;
}

/** Nobody can give away what they do not have: those are not offered. */
export function PermissionChoice({ chosen, onChange }: PermissionChoiceProps) {
  const held = useAccess().caller.permissions;
  const problem = useFieldProblem('permissions');
  return (
    <fieldset className="permissions" aria-describedby="permissions-note">
      <legend>What the key may do</legend>
      <p id="permissions-note" className="quiet small">
        As little as it needs. You can give what you may do yourself: {held.length === 0 ? 'nothing' : `${held.length} permissions`}.
      </p>
      {problem && <p className="field-problem">What the key may do {problem}.</p>}
      <div className="groups">
        {PERMISSION_GROUPS.map(({ title, permissions }) => {
          const offered = permissions.filter(([permission]) => held.includes(permission));
          return <Group key={title} title={title} permissions={offered} chosen={chosen} onChange={onChange} />;
        })}
      </div>
    </fieldset>
  );
}

interface GroupProps extends PermissionChoiceProps {
  title: string;
  permissions: (readonly [Permission, string])[];
}

function Group({ title, permissions, chosen, onChange }: GroupProps) {
  if (permissions.length === 0) return null;
  const names = permissions.map(([permission]) => permission);
  const isWhole = names.every((name) => chosen.has(name));
  const change = (changed: Permission[], isChosen: boolean) =>
    onChange(isChosen ? new Set([...chosen, ...changed]) : new Set([...chosen].filter((permission) => !changed.includes(permission))));
  return (
    <fieldset className="group">
      <legend>{title}</legend>
      {names.length > 1 && (
        <CheckField label={`All of ${title.toLowerCase()}`} isChecked={isWhole} onChange={(isChosen) => change(names, isChosen)} />
      )}
      {permissions.map(([permission, words]) => (
        <CheckField
          key={permission}
          label={permission}
          help={words}
          isChecked={chosen.has(permission)}
          onChange={(isChosen) => change([permission], isChosen)}
        />
      ))}
    </fieldset>
  );
}
