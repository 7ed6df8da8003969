import { useState, type FormEvent } from 'react';
import { withoutNews } from '../frame/news-address.ts';
import { Loading, ProblemNotice } from '../frame/notice.tsx';
import { useOrganizationSignIn } from './use-organization-sign-in.ts';
import type { SignIn } from './use-sign-in.ts';

export function KeyEntry({ signIn }: { signIn: SignIn }) {
  const [text, setText] = useState('');
  const { enter, isChecking, problem, rejection } = signIn;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter(text.trim());
  };
  // A key or a session kept from before is checked without asking for another one first.
  if (isChecking && !problem && text === '') return <Loading what="your access" />;
  return (
    <section className="key-entry">
      <title>Sign in · Patchbay</title>
      <OrganizationSignIn />
      <h1>Sign in with an API key</h1>
      <p className="quiet">The console sees and does what this key may, in one organization.</p>
      <form onSubmit={submit}>
        <label htmlFor="api-key">API key</label>
        <input
          id="api-key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={rejection !== null}
          aria-describedby="api-key-note"
        />
        {rejection && (
          <p className="rejection" role="alert">
            {rejection}
          </p>
        )}
        <button type="submit" className="primary" disabled={isChecking && !problem}>
          {isChecking && !problem ? 'Checking the key…' : 'Sign in'}
        </button>
      </form>
      {problem && <ProblemNotice problem={problem} hasData={false} />}
      <p id="api-key-note" className="quiet small">
        Kept in this tab until you sign out or close it. On your own machine <code>npm start</code> prints the first
        key.
      </p>
    </section>
  );
}

/** Leaves the console for the identity provider, and comes back to this page. */
function OrganizationSignIn() {
  const isOffered = useOrganizationSignIn();
  if (!isOffered) return null;
  const here = withoutNews(new URL(window.location.href));
  return (
    <p className="organization-sign-in">
      <a className="button primary" href={`/v1/sign-in?returnTo=${encodeURIComponent(here)}`}>
        Sign in with your organization’s account
      </a>
      <span className="quiet small">or</span>
    </p>
  );
}
