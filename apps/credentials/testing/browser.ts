/** Signs in at the issuer's own pages as a person would, and returns the query with which the browser is sent back. */
export async function signInAt(url: string, subject: string): Promise<Record<string, string>> {
  const cookies = new Map<string, string>();
  let next = url;
  for (;;) {
    const answer = await visit(next, cookies);
    const location = answer.headers.get('location');
    if (!location) next = await submit(next, await answer.text(), subject, cookies);
    else next = new URL(location, next).href;
    if (new URL(next).origin !== new URL(url).origin) return Object.fromEntries(new URL(next).searchParams);
  }
}

async function visit(url: string, cookies: Map<string, string>, body?: URLSearchParams): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', body: body ?? null, headers: { cookie }, redirect: 'manual' });
  for (const set of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
    cookies.set(name!, value!);
  }
  if (answer.status >= 400) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** The login and the consent page are forms that post to themselves. */
async function submit(url: string, page: string, subject: string, cookies: Map<string, string>): Promise<string> {
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
  if (!prompt) throw new Error(`${url} is no page of the issuer: ${page}`);
  const answer = await visit(url, cookies, new URLSearchParams({ prompt, login: subject, password: 'any' }));
  return new URL(answer.headers.get('location')!, url).href;
}
