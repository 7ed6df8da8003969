import type { Edge } from '@patchbay/contracts/access';
import { ConfirmButton } from '../frame/confirm-button.tsx';
import { useNow } from '../frame/use-now.ts';
import { WhenCell } from '../frame/when-cell.tsx';
import { useMay } from '../gateway/access.ts';
import { useChange, type Change } from '../gateway/use-change.ts';
import { ActedTable } from './acted-table.tsx';
import type { NewEdge } from './new-edge.ts';
import { EndBadge } from './end-badge.tsx';
import { expiryOf } from './expiry.ts';
import { ReplaceButton } from './replace-button.tsx';

interface EdgesTableProps {
  edges: Edge[];
  onRenewed(edge: NewEdge): void;
  onChanged(): void;
}

const COLUMNS = ['Name', 'State', 'Id', 'Created', 'Credentials end'] as const;

export function EdgesTable({ edges, onRenewed, onChanged }: EdgesTableProps) {
  const change = useChange();
  const now = useNow(true);
  const mayWrite = useMay('edges:write');
  return (
    <ActedTable columns={COLUMNS} mayAct={mayWrite} change={change}>
      {edges.map((edge) => (
        <tr key={edge.edgeId}>
          <EdgeCells edge={edge} now={now} />
          {mayWrite && (
            <td className="actions">
              {edge.revokedAt === null && <EdgeActions edge={edge} change={change} onRenewed={onRenewed} onChanged={onChanged} />}
            </td>
          )}
        </tr>
      ))}
    </ActedTable>
  );
}

function EdgeCells({ edge, now }: { edge: Edge; now: Date }) {
  const { edgeId, name, createdAt, expiresAt } = edge;
  return (
    <>
      <td className="name">{name}</td>
      <td data-label="State">
        <EndBadge of={edge} now={now} />
      </td>
      <td data-label="Id">
        <code>{edgeId}</code>
      </td>
      <WhenCell label="Created" at={createdAt} now={now} />
      <WhenCell label="Credentials end" at={expiresAt} now={now} none="never" />
    </>
  );
}

interface EdgeActionsProps {
  edge: Edge;
  change: Change;
  onRenewed(edge: NewEdge): void;
  onChanged(): void;
}

function EdgeActions({ edge: { edgeId, name }, change, onRenewed, onChanged }: EdgeActionsProps) {
  const renew = async (body: object) => {
    const renewed = await change.make<NewEdge>('POST', `/v1/edges/${edgeId}/credentials/renew`, body);
    if (renewed) onRenewed(renewed);
  };
  const revoke = async () => {
    await change.make('DELETE', `/v1/edges/${edgeId}`);
    onChanged();
  };
  return (
    <>
      <ReplaceButton
        label="Renew"
        about={name}
        title={`New credentials for ${name}`}
        isBusy={change.isBusy}
        hasLife
        onReplace={({ overlapHours, life }) => void renew({ overlapHours, ...expiryOf(life) })}
      >
        The new credentials file is shown once; change it on the node before the old one ends.
      </ReplaceButton>
      <ConfirmButton label="Revoke" about={name} title={`Revoke ${name}?`} isBusy={change.isBusy} onConfirm={() => void revoke()}>
        Its connections are cut at once, also in the middle of calls, and it can never come back.
      </ConfirmButton>
    </>
  );
}
