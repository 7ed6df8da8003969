interface TraceButtonProps {
  traceId: string;
  isSelected: boolean;
  onSelect(traceId: string): void;
}

export function TraceButton({ traceId, isSelected, onSelect }: TraceButtonProps) {
  return (
    <button type="button" className="trace-button" aria-pressed={isSelected} onClick={() => onSelect(traceId)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M1.5 4h8M4.5 8h7M7.5 12h7" />
      </svg>
      Trace
    </button>
  );
}
