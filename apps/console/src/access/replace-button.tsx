import { useState, type ReactNode } from 'react';
import { ChoiceField } from '../forms/field.tsx';
import { Modal } from '../frame/modal.tsx';
import { LIVES, OVERLAPS, type Life, type Overlap } from './expiry.ts';

interface Replacement {
  overlapHours: number;
  life: Life;
}

interface ReplaceButtonProps {
  label: string;
  about: string;
  title: string;
  children: ReactNode;
  isBusy: boolean;
  /** Asks how long the new one lives, too. */
  hasLife?: boolean;
  onReplace(replacement: Replacement): void;
}

/** Makes a new one of something that is shown once, while the old one still works for a time that is asked here. */
export function ReplaceButton({ label, about, isBusy, onReplace, ...question }: ReplaceButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const replace = (replacement: Replacement) => {
    close();
    onReplace(replacement);
  };
  return (
    <>
      <button type="button" disabled={isBusy} aria-label={`${label} ${about}`} onClick={() => setAsking(true)}>
        {label}
      </button>
      {isAsking && <Question label={label} {...question} onReplace={replace} onClose={close} />}
    </>
  );
}

type QuestionProps = Omit<ReplaceButtonProps, 'about' | 'isBusy'> & { onClose(): void };

function Question({ label, title, children, hasLife = false, onReplace, onClose }: QuestionProps) {
  const [overlap, setOverlap] = useState<Overlap>('24');
  const [life, setLife] = useState<Life>('90');
  return (
    <Modal title={title} onClose={onClose}>
      <p>{children}</p>
      <ChoiceField label="The old one still works" value={overlap} onChange={setOverlap} choices={OVERLAPS} />
      {hasLife && <ChoiceField label="The new one ends after" value={life} onChange={setLife} choices={LIVES} />}
      <div className="buttons">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="primary" onClick={() => onReplace({ overlapHours: Number(overlap), life })}>
          {label}
        </button>
      </div>
    </Modal>
  );
}
