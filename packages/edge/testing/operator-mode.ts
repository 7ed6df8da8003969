import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createOperator, createUser } from '@nats-io/nkeys';

export interface OperatorMode {
  /** What nats-server is configured with, so that it lets in only users of our account. */
  config: string;
  /** The credentials file of a user who may publish and subscribe only there. */
  credentials(permissions: { publish: string[]; subscribe: string[] }): Promise<string>;
}

/** A NATS account as the platform has one in production, where every edge has its own user. */
export async function operatorMode(): Promise<OperatorMode> {
  const [operator, system, account] = [createOperator(), createAccount(), createAccount()];
  const limits = { subs: -1, data: -1, payload: -1, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true };
  const operatorJwt = await encodeOperator('test', operator, { system_account: system.getPublicKey() });
  const systemJwt = await encodeAccount('SYS', system, { limits }, { signer: operator });
  const accountJwt = await encodeAccount('PATCHBAY', account, { limits }, { signer: operator });
  return {
    config: `
      operator: ${operatorJwt}
      system_account: ${system.getPublicKey()}
      resolver: MEMORY
      resolver_preload: { ${system.getPublicKey()}: ${systemJwt}, ${account.getPublicKey()}: ${accountJwt} }
    `,
    async credentials({ publish, subscribe }) {
      const user = createUser();
      const jwt = await encodeUser('edge', user, account, { pub: { allow: publish }, sub: { allow: subscribe } });
      return new TextDecoder().decode(fmtCreds(jwt, user));
    },
  };
}
