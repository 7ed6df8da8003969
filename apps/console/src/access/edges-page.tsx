import { useState } from 'react';
import type { Edge } from '@patchbay/contracts/access';
import { Loading } from '../frame/notice.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { ShownOnce } from '../frame/shown-once.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { EdgesTable } from './edges-table.tsx';
import type { NewEdge } from './new-edge.ts';
import { NewEdgeForm } from './new-edge-form.tsx';

/** Somebody else may revoke one at any moment. */
const alwaysChanges = () => true;

export function EdgesPage() {
  const { apiKey } = useAccess();
  const mayWrite = useMay('edges:write');
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<NewEdge | null>(null);
  const { data, problem, reload } = useResource<{ edges: Edge[] }>({ path: '/v1/edges', apiKey, isChanging: alwaysChanges });
  const show = (edge: NewEdge) => {
    setMade(edge);
    setMaking(false);
    reload();
  };
  return (
    <>
      <header className="page-head">
        <h1>Edges</h1>
        <p className="quiet">Voice nodes that act for your organization during calls.</p>
        {mayWrite && !isMaking && !made && (
          <button type="button" className="primary aside" onClick={() => setMaking(true)}>
            New edge
          </button>
        )}
      </header>
      {made && <Credentials edge={made} onDone={() => setMade(null)} />}
      {isMaking && <NewEdgeForm onMade={show} onClose={() => setMaking(false)} />}
      <PageProblem problem={problem} hasData={data !== null} />
      {data?.edges.length === 0 && (
        <p className="empty">There are no edges, so no call can reach you.{mayWrite && ' Create one for each voice node.'}</p>
      )}
      {data && data.edges.length > 0 && <EdgesTable edges={data.edges} onRenewed={show} onChanged={reload} />}
      {!data && !problem && <Loading what="edges" />}
    </>
  );
}

function Credentials({ edge: { edgeId, name, credentials, natsUrl }, onDone }: { edge: NewEdge; onDone(): void }) {
  return (
    <ShownOnce what="Credentials" name={name} secret={credentials} fileName={`${edgeId}.creds`} onDone={onDone}>
      <p>
        Put the file on the voice node, readable by nobody else. It connects to <code>{natsUrl}</code> as{' '}
        <code>{edgeId}</code>.
      </p>
    </ShownOnce>
  );
}
