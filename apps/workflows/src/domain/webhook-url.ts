/** What is wrong with the URL of a webhook, in words, or null. Addresses are checked at each send: a name may move. */
export function urlProblem(text: string, { allowHttp }: { allowHttp: boolean }): string | null {
  const url = URL.parse(text);
  if (!url) return 'is not a URL';
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) return 'must begin with https://';
  if (url.username || url.password)
    return 'must not hold a user name or password; check the signature of each delivery instead';
  return null;
}
