import type { ReactNode } from 'react';
import type { Permission } from '@patchbay/contracts/permissions';
import { Link } from '../frame/navigation.tsx';
import { Needs } from '../frame/needs.tsx';
import { useAccess } from '../gateway/access.ts';
import { EdgesPage } from './edges-page.tsx';
import { KeysPage } from './keys-page.tsx';
import { PeoplePage } from './people-page.tsx';

interface Part {
  part: string;
  title: string;
  permission: Permission;
  page: ReactNode;
}

const PARTS: [Part, ...Part[]] = [
  { part: 'people', title: 'People', permission: 'people:read', page: <PeoplePage /> },
  { part: 'keys', title: 'API keys', permission: 'keys:read', page: <KeysPage /> },
  { part: 'edges', title: 'Edges', permission: 'edges:read', page: <EdgesPage /> },
];

/** `part` null: the first that the reader may see. */
export function AccessPage({ part }: { part: string | null }) {
  const { permissions } = useAccess().caller;
  const seen = PARTS.filter(({ permission }) => permissions.includes(permission));
  const shown = PARTS.find((candidate) => candidate.part === part) ?? seen[0] ?? PARTS[0];
  return (
    <section>
      <title>{`${shown.title} · Patchbay`}</title>
      <nav className="tabs" aria-label="Access">
        {seen.map(({ part: name, title }) => (
          <Link key={name} to={`/access/${name}`} aria-current={name === shown.part ? 'page' : undefined}>
            {title}
          </Link>
        ))}
      </nav>
      <Needs permission={shown.permission}>{shown.page}</Needs>
    </section>
  );
}
