import { TextField } from '../forms/field.tsx';

interface OriginsFieldProps {
  /** Separated by spaces. */
  origins: string;
  onChange(origins: string): void;
  /** What to know at this moment. */
  help: string;
}

const HELP =
  'Addresses separated by spaces, each a scheme and a host; https://*.example.com stands for all sub-domains. The secret is sent nowhere else.';

/** The addresses to which a secret may be sent. */
export function OriginsField({ origins, onChange, help }: OriginsFieldProps) {
  return (
    <TextField
      label="May be used for"
      path="origins"
      placeholder="https://api.example.com"
      help={`${HELP} ${help}`}
      value={origins}
      onChange={onChange}
    />
  );
}
