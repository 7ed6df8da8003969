import { useEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { ChangeProblem } from '../frame/notice.tsx';
import type { Problem } from '../gateway/problem.ts';
import type { Change } from '../gateway/use-change.ts';
import { FieldProblems, fieldsOf } from './field-problems.ts';

interface FormProps {
  change: Change;
  /** How to say a refusal here, where the API's words are for programs. */
  worded?(problem: Problem): Problem;
  onSubmit(): void;
  /** What the button says, and while it is done. */
  submit: string;
  submitting: string;
  /** Beside the button. */
  more?: ReactNode;
  children: ReactNode;
}

/** A form for one change: says what was refused, beside the fields and as a whole, and leads the keyboard to the first of them. */
export function Form({ change, worded = asItIs, onSubmit, submit, submitting, more, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, problem } = change;
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form ref={form} className="form" onSubmit={send}>
      <FieldProblems value={fieldsOf(problem)}>{children}</FieldProblems>
      <ChangeProblem problem={problem && worded(problem)} />
      <div className="buttons">
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? submitting : submit}
        </button>
        {more}
      </div>
    </form>
  );
}

function asItIs(problem: Problem): Problem {
  return problem;
}
