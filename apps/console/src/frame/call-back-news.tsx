import { Link, navigate } from './navigation.tsx';
import { withoutNews } from './news-address.ts';
import { Notice } from './notice.tsx';

/** Longer than any sentence of ours: the address may have been written by anybody. */
const MAX_CHARACTERS = 500;

/** Tells how a visit to an identity provider or to a provider ended. */
export function CallBackNews({ address }: { address: URL }) {
  const problem = address.searchParams.get('problem');
  const connected = address.searchParams.get('connected');
  if (problem === null && connected === null) return null;
  const close = () => navigate(withoutNews(address), { replace: true });
  return (
    <div className="call-back-news">
      {problem === null ? (
        <Notice tone="good" title="The account is connected">
          The provider granted access. <ConnectedLink connectionId={connected!} isHere={address.pathname.endsWith(`/${connected}`)} />
        </Notice>
      ) : (
        <Notice tone="bad" title="Signing in or connecting did not work">
          {problem.slice(0, MAX_CHARACTERS)} Begin again from where you were.
        </Notice>
      )}
      <button type="button" onClick={close}>
        Close
      </button>
    </div>
  );
}

function ConnectedLink({ connectionId, isHere }: { connectionId: string; isHere: boolean }) {
  if (isHere || !/^conn_[a-z0-9]+$/.test(connectionId)) return null;
  return <Link to={`/connections/${connectionId}`}>Open the connection</Link>;
}
