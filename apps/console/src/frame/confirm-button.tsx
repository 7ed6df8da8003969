import { useState, type ReactNode } from 'react';
import { Modal } from './modal.tsx';

interface ConfirmButtonProps {
  label: string;
  /** Whose button it is, for those who hear the page. */
  about: string;
  /** The question. */
  title: string;
  /** What follows from it. */
  children: ReactNode;
  isBusy: boolean;
  onConfirm(): void;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({ label, about, title, children, isBusy, onConfirm }: ConfirmButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const confirm = () => {
    close();
    onConfirm();
  };
  return (
    <>
      <button type="button" className="danger" disabled={isBusy} aria-label={`${label} ${about}`} onClick={() => setAsking(true)}>
        {label}
      </button>
      {isAsking && (
        <Modal title={title} onClose={close}>
          <p>{children}</p>
          <div className="buttons">
            <button type="button" onClick={close}>
              Keep it
            </button>
            <button type="button" className="danger primary" onClick={confirm}>
              {label}
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}
