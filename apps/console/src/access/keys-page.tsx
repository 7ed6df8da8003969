import { useState } from 'react';
import type { ApiKey } from '@patchbay/contracts/access';
import { Loading } from '../frame/notice.tsx';
import { PageProblem } from '../frame/page-problem.tsx';
import { ShownOnce } from '../frame/shown-once.tsx';
import { useAccess, useMay } from '../gateway/access.ts';
import { useResource } from '../gateway/use-resource.ts';
import { KeysTable } from './keys-table.tsx';
import type { NewKey } from './new-key.ts';
import { NewKeyForm } from './new-key-form.tsx';

/** A key may be used at any moment. */
const alwaysChanges = () => true;

export function KeysPage() {
  const { apiKey } = useAccess();
  const mayWrite = useMay('keys:write');
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<NewKey | null>(null);
  const { data, problem, reload } = useResource<{ apiKeys: ApiKey[] }>({ path: '/v1/api-keys', apiKey, isChanging: alwaysChanges });
  const show = (key: NewKey) => {
    setMade(key);
    setMaking(false);
    reload();
  };
  return (
    <>
      <header className="page-head">
        <h1>API keys</h1>
        <p className="quiet">For programs. Only a fingerprint of each is kept.</p>
        {mayWrite && !isMaking && !made && (
          <button type="button" className="primary aside" onClick={() => setMaking(true)}>
            New API key
          </button>
        )}
      </header>
      {made && <ShownOnce what="API key" name={made.name} secret={made.apiKey} onDone={() => setMade(null)} />}
      {isMaking && <NewKeyForm onMade={show} onClose={() => setMaking(false)} />}
      <PageProblem problem={problem} hasData={data !== null} />
      {data?.apiKeys.length === 0 && <p className="empty">There are no API keys.{mayWrite && ' Create one for each program that uses the API.'}</p>}
      {data && data.apiKeys.length > 0 && <KeysTable apiKeys={data.apiKeys} onRotated={show} onChanged={reload} />}
      {!data && !problem && <Loading what="API keys" />}
    </>
  );
}
