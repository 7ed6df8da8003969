import { useId, type ReactNode } from 'react';
import { useFieldProblem } from './field-problems.ts';

interface Marks {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

export interface FieldProps {
  label: string;
  /** What it means, in plain words. */
  help?: ReactNode;
  /** Where it stands in the message, which is how the API names it. */
  path?: string;
}

/** What every field has around it: a label, help, and what the API found wrong. */
export function Field({ label, help, path, children }: FieldProps & { children(marks: Marks): ReactNode }) {
  const id = useId();
  const problem = useFieldProblem(path);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': problem !== null, 'aria-describedby': `${id}-help` })}
      <div id={`${id}-help`}>
        {problem && (
          <p className="field-problem">
            {label} {problem}.
          </p>
        )}
        {help && <p className="quiet small">{help}</p>}
      </div>
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  onChange(value: string): void;
  isRequired?: boolean;
  placeholder?: string;
  /** Known answers that the browser offers. */
  suggestions?: string[];
  type?: 'text' | 'email' | 'url';
}

export function TextField({ value, onChange, isRequired, placeholder, suggestions, type, ...field }: TextFieldProps) {
  const listId = useId();
  return (
    <Field {...field}>
      {(marks) => (
        <>
          <input
            {...marks}
            type={type ?? 'text'}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            required={isRequired}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            list={suggestions && listId}
          />
          {suggestions && (
            <datalist id={listId}>
              {suggestions.map((suggestion) => (
                <option key={suggestion} value={suggestion} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

/** Never shown while it is typed, nor kept by the browser. */
export function SecretField({ value, onChange, isRequired, ...field }: Omit<TextFieldProps, 'suggestions' | 'type'>) {
  return (
    <Field {...field}>
      {(marks) => (
        <input
          {...marks}
          type="password"
          className="mono"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          required={isRequired}
          autoComplete="new-password"
          spellCheck={false}
        />
      )}
    </Field>
  );
}

interface ChoiceFieldProps<T extends string> extends FieldProps {
  value: T;
  onChange(value: NoInfer<T>): void;
  /** What can be chosen, and what it is called. */
  choices: readonly (readonly [T, string])[];
}

export function ChoiceField<T extends string>({ value, onChange, choices, ...field }: ChoiceFieldProps<T>) {
  return (
    <Field {...field}>
      {(marks) => (
        <select {...marks} value={value} onChange={(event) => onChange(event.target.value as T)}>
          {choices.map(([choice, title]) => (
            <option key={choice} value={choice}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckFieldProps {
  label: string;
  help?: ReactNode;
  isChecked: boolean;
  isDisabled?: boolean;
  onChange(isChecked: boolean): void;
}

export function CheckField({ label, help, isChecked, isDisabled, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="check-field">
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={`${id}-help`}
      />
      <label htmlFor={id}>{label}</label>
      {help && (
        <p id={`${id}-help`} className="quiet small">
          {help}
        </p>
      )}
    </div>
  );
}
