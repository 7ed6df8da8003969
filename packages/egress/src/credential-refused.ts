/** What a connection holds cannot be sent with this request. The message is safe to show: it never holds a value. */
export class CredentialRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CredentialRefused';
  }
}
