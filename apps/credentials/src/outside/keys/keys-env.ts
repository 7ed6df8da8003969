import { EnvironmentError, secret } from '@patchbay/service-kit/config/env';
import { z } from 'zod';
import { AwsKms } from './aws-kms.ts';
import type { KeyProvider } from './key-provider.ts';
import { KeyProviders } from './key-providers.ts';
import { LocalKeyRing } from './local-key-ring.ts';
import { VaultTransit } from './vault-transit.ts';

/** Where the keys are that stored secrets are encrypted with; the service and its `keys` program read the same. */
export const keysEnv = {
  CREDENTIALS_KEY_PROVIDER: z
    .enum(['local', 'vault-transit', 'aws-kms'])
    .default('local')
    .describe('Where the keys are that wrap the keys of new secrets. What another provider wrapped still opens while its variables are set.'),
  CREDENTIALS_KEYRING_FILE: z
    .string()
    .transform(reading((path) => LocalKeyRing.fromFile(path)))
    .optional()
    .describe('Provider local: a file {"primary":"k1","keys":{"k1":"<base64 of 32 bytes>"}}, which `keys rotate` changes while services run.'),
  CREDENTIALS_KEYRING: secret()
    .transform(reading((text) => LocalKeyRing.fromText(text.reveal())))
    .optional()
    .describe('Provider local: the text of such a file, in place of it. Its keys cannot be rotated without a restart.'),
  CREDENTIALS_VAULT_URL: z.url().optional().describe('Provider vault-transit: where Vault listens, like https://vault.example:8200.'),
  CREDENTIALS_VAULT_TOKEN: secret().optional().describe('Provider vault-transit: a token that may encrypt, decrypt and read with the key (and rotate it, for `keys rotate`).'),
  CREDENTIALS_VAULT_KEY: z.string().default('patchbay').describe('Provider vault-transit: the name of a key of type aes256-gcm96.'),
  CREDENTIALS_VAULT_MOUNT: z.string().default('transit').describe('Provider vault-transit: where the engine is mounted.'),
  CREDENTIALS_VAULT_NAMESPACE: z.string().optional().describe('Provider vault-transit: the namespace, where Vault has them.'),
  CREDENTIALS_KMS_KEY_ID: z.string().optional().describe("Provider aws-kms: ARN or id of a symmetric key; region and login by the AWS SDK's own variables."),
};

const KeysEnv = z.object(keysEnv);

/** Throws EnvironmentError when the provider that was chosen lacks a variable. */
export function keyProviderOf(env: z.output<typeof KeysEnv>): KeyProvider {
  const local = env.CREDENTIALS_KEYRING_FILE ?? env.CREDENTIALS_KEYRING;
  const { CREDENTIALS_VAULT_URL: url, CREDENTIALS_VAULT_TOKEN: token, CREDENTIALS_KMS_KEY_ID: keyId } = env;
  const configured: Record<(typeof env)['CREDENTIALS_KEY_PROVIDER'], KeyProvider | undefined> = {
    local,
    'vault-transit':
      url && token
        ? new VaultTransit({ url, token, mount: env.CREDENTIALS_VAULT_MOUNT, key: env.CREDENTIALS_VAULT_KEY, namespace: env.CREDENTIALS_VAULT_NAMESPACE })
        : undefined,
    'aws-kms': keyId ? new AwsKms({ keyId }) : undefined,
  };
  const chosen = configured[env.CREDENTIALS_KEY_PROVIDER];
  if (!chosen) throw new EnvironmentError('credentials', [NEEDS[env.CREDENTIALS_KEY_PROVIDER]]);
  const others = Object.values(configured).filter((provider) => provider !== undefined && provider !== chosen);
  return new KeyProviders([chosen, ...(others as KeyProvider[])]);
}

const NEEDS = {
  local: 'CREDENTIALS_KEYRING_FILE is missing (or CREDENTIALS_KEYRING): the keys that stored secrets are encrypted with.',
  'vault-transit': 'CREDENTIALS_VAULT_URL and CREDENTIALS_VAULT_TOKEN are needed by CREDENTIALS_KEY_PROVIDER=vault-transit.',
  'aws-kms': 'CREDENTIALS_KMS_KEY_ID is needed by CREDENTIALS_KEY_PROVIDER=aws-kms.',
};

/** What is wrong with a value, as a fault of the environment like any other. */
function reading<T>(read: (value: T) => LocalKeyRing) {
  return (value: T, context: z.RefinementCtx): LocalKeyRing => {
    try {
      return read(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  };
}
