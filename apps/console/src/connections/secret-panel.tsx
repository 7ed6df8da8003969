import { useState } from 'react';
import type { Connection, SecretSlot } from '@patchbay/contracts/connections';
import { Ago } from '../frame/ago.tsx';
import { ChangeProblem } from '../frame/notice.tsx';
import { useMay } from '../gateway/access.ts';
import { useChange } from '../gateway/use-change.ts';
import { secretPartOf } from './kinds.ts';
import { RotateForm } from './rotate-form.tsx';

interface SecretPanelProps {
  connection: Connection;
  now: Date;
  onChanged(): void;
}

/** The slots of a connection's secret, and what changes them. */
export function SecretPanel({ connection, now, onChanged }: SecretPanelProps) {
  const mayWrite = useMay('connections:write');
  const [isRotating, setRotating] = useState(false);
  const hasPrevious = connection.slots.some(({ slot }) => slot === 'previous');
  const mayRotate = mayWrite && secretPartOf(connection) !== null;
  return (
    <section className="panel">
      <h2>Secret</h2>
      <SlotTable slots={connection.slots} now={now} />
      {mayWrite && hasPrevious && <PreviousActions connection={connection} onChanged={onChanged} />}
      {mayRotate && !isRotating && (
        <button type="button" onClick={() => setRotating(true)}>
          Rotate the secret
        </button>
      )}
      {mayRotate && isRotating && <RotateForm connection={connection} onChanged={onChanged} onClose={() => setRotating(false)} />}
    </section>
  );
}

const SLOTS: Readonly<Record<SecretSlot['slot'], string>> = {
  current: 'in use',
  next: 'being tried out',
  previous: 'stands in if the provider refuses the one in use',
};

function SlotTable({ slots, now }: { slots: SecretSlot[]; now: Date }) {
  return (
    <table className="slots">
      <thead>
        <tr>
          <th scope="col">Slot</th>
          <th scope="col">Ends in</th>
          <th scope="col">Version</th>
          <th scope="col">Since</th>
          <th scope="col">Until</th>
        </tr>
      </thead>
      <tbody>
        {slots.map(({ slot, version, hint, since, until }) => (
          <tr key={slot}>
            <th scope="row">
              {slot} <span className="quiet small">{SLOTS[slot]}</span>
            </th>
            <td>{hint === '' ? <span className="quiet">not shown</span> : <code>{`••••${hint}`}</code>}</td>
            <td>{version}</td>
            <td>
              <Ago at={since} now={now} />
            </td>
            <td>
              <Ago at={until} now={now} none="it is replaced" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PreviousActions({ connection: { connectionId }, onChanged }: { connection: Connection; onChanged(): void }) {
  const change = useChange();
  const act = async (operation: string) => {
    await change.make('POST', `/v1/connections/${connectionId}/${operation}`);
    onChanged();
  };
  return (
    <>
      <div className="buttons">
        <button type="button" disabled={change.isBusy} onClick={() => void act('revert')}>
          Switch back to the previous one
        </button>
        <button type="button" className="danger" disabled={change.isBusy} onClick={() => void act('finish')}>
          Destroy the previous one now
        </button>
      </div>
      <ChangeProblem problem={change.problem} />
    </>
  );
}
