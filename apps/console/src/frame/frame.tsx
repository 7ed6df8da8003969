import { useEffect, useRef, type ReactNode } from 'react';
import type { Permission } from '@patchbay/contracts/permissions';
import type { Access } from '../gateway/access.ts';
import { Link } from './navigation.tsx';

/** What surrounds every page. `access` is null before somebody is signed in. */
export function Frame({ page, access, children }: { page: string; access: Access | null; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    // A screen reader and the keyboard continue at the new page, as after a real page load.
    main.current?.focus({ preventScroll: true });
  }, [page]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="bar">
        <Link className="brand" to="/">
          <Mark />
          Patchbay
        </Link>
        {access && <Parts page={page} access={access} />}
        {access && <Account access={access} />}
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** The parts of the console that a caller with the permission may see. */
const PARTS: { to: string; title: string; permissions: Permission[] }[] = [
  { to: '/', title: 'Sessions', permissions: ['calls:read'] },
  { to: '/connections', title: 'Connections', permissions: ['connections:read'] },
  { to: '/access', title: 'Access', permissions: ['people:read', 'keys:read', 'edges:read'] },
  { to: '/audit', title: 'Audit log', permissions: ['audit:read'] },
];

function Parts({ page, access }: { page: string; access: Access }) {
  const seen = PARTS.filter(({ permissions }) => permissions.some((permission) => access.caller.permissions.includes(permission)));
  const isHere = (to: string) => (to === '/' ? page === '/' || page.startsWith('/calls/') : page.startsWith(to));
  return (
    <nav className="parts" aria-label="Console">
      {seen.map(({ to, title }) => (
        <Link key={to} to={to} aria-current={isHere(to) ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}

function Account({ access }: { access: Access }) {
  const { organizationId, name } = access.caller;
  return (
    <div className="account">
      <span className="who" title={`Signed in for ${organizationId}`}>
        <span className="quiet">{name}</span>
        <code>{organizationId}</code>
      </span>
      <button type="button" onClick={() => access.signOut()}>
        Sign out
      </button>
    </div>
  );
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path className="cable" d="M10 13.5c0 7 12-2 12 5" />
      <circle className="jack" cx="10" cy="9" r="4" />
      <circle className="jack" cx="22" cy="23" r="4" />
      <circle className="free" cx="22" cy="9" r="2" />
      <circle className="free" cx="10" cy="23" r="2" />
    </svg>
  );
}
