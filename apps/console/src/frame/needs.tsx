import type { ReactNode } from 'react';
import type { Permission } from '@patchbay/contracts/permissions';
import { useAccess, useMay } from '../gateway/access.ts';

/** A page that the gateway would refuse says what is missing, and who can give it, instead of asking. */
export function Needs({ permission, children }: { permission: Permission; children: ReactNode }) {
  const { caller } = useAccess();
  if (useMay(permission)) return children;
  return (
    <section className="empty">
      <title>Not for you · Patchbay</title>
      <h1>Your access does not include this page</h1>
      <p>
        {caller.name || 'Your key'} has no permission <code>{permission}</code> in <code>{caller.organizationId}</code>.
        An owner of the organization can give it to you: a person by another role, a program by a new API key.
      </p>
    </section>
  );
}
