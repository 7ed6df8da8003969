import { useAccess } from '../gateway/access.ts';

/** Shown to somebody who has no call yet: what makes one. */
export function FirstCall() {
  const { caller } = useAccess();
  const url = window.location.origin;
  return (
    <section className="first-call">
      <h2>No calls yet</h2>
      <p>
        A session appears here as soon as an edge starts one for <code>{caller.organizationId}</code>. The README has
        the whole way of a first call in a few <code>curl</code> lines: a tool, an agent with that tool as a function, a
        deployed version, an edge. With these four in place, this is the call:
      </p>
      <pre tabIndex={0}>{`curl -X POST ${url}/v1/edges/$EDGE/session.start \\
  -H "authorization: Bearer $API_KEY" -H 'content-type: application/json' \\
  -d '{"agent":"<name of the agent>","channel":"test","direction":"inbound"}'`}</pre>
      <p>
        Or play recorded conversations through the platform with <code>npm run replay</code>; the README's example needs
        nothing else. This page shows them while they happen.
      </p>
    </section>
  );
}
